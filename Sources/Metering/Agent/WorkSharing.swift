// SPDX-License-Identifier: Apache-2.0

/// Divides among several agents what any of them could poll, so that each does it once.
package protocol WorkSharing: Sendable {
    /// Called once per cycle, at its start.
    ///
    /// - Returns: what tells by its name whether something is this agent's.
    func share() async -> WorkShare
}

/// What is one agent's in one cycle.
package struct WorkShare: Sendable {
    package let includes: @Sendable (_ name: String) -> Bool

    package init(_ includes: @escaping @Sendable (_ name: String) -> Bool) { self.includes = includes }
}
