// SPDX-License-Identifier: Apache-2.0

/// Who asks, and what they may.
package struct Caller: Sendable, Hashable {
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// Everything.
        case admin
        /// Looking.
        case read
        /// Registering a node.
        case bootstrap
        /// One node's own affairs.
        case node
    }

    package var scope: Scope
    /// For the audit log: `admin`, `token 3`, `node 7`, `extension rack`.
    package var name: String
    /// Whose token it is, for a node.
    package var node: Int?
    /// The token's number; nil for those of the file.
    package var token: Int?

    package init(scope: Scope, name: String, node: Int? = nil, token: Int? = nil) {
        self.scope = scope
        self.name = name
        self.node = node
        self.token = token
    }

    static let service = Caller(scope: .admin, name: "service")
    static func fleetExtension(_ name: String) -> Caller { Caller(scope: .admin, name: "extension \(name)") }
}
