// SPDX-License-Identifier: Apache-2.0

/// Divides among several agents what any of them could poll, so that each does it once.
package protocol WorkSharing: Sendable {
    /// Called once per cycle, at its start.
    ///
    /// - Parameter groups: this agent's besides that of all: those of sources with a
    ///   `group_id_coordination_expression`.
    /// - Returns: what tells by its name whether something is this agent's.
    func share(in groups: Set<String>) async -> WorkShare
}

/// What is one agent's in one cycle.
package struct WorkShare: Sendable {
    package let includes: @Sendable (_ name: String) -> Bool
    /// The same of what only the agents of a group have among them.
    package let includesInGroup: @Sendable (_ name: String, _ group: String) -> Bool

    package init(
        _ includes: @escaping @Sendable (_ name: String) -> Bool,
        inGroup includesInGroup: @escaping @Sendable (_ name: String, _ group: String) -> Bool
    ) {
        self.includes = includes
        self.includesInGroup = includesInGroup
    }
}
