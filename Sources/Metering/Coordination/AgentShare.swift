// SPDX-License-Identifier: Apache-2.0

/// What one agent has of what agents share, for a cycle.
package struct AgentShare: Sendable {
    /// nil where it has nothing, as it has no lease.
    var member: String?
    var ring: HashRing
    /// By their names.
    var groups: [String: HashRing]

    /// Whether it has that key, of what is shared by all.
    package func includes(_ key: String) -> Bool { member != nil && ring.owner(of: key) == member }

    /// Whether it has that key, of what is shared by a group of sources' alone.
    package func includes(_ key: String, in group: String) -> Bool {
        member != nil && groups[group]?.owner(of: key) == member
    }
}
