// SPDX-License-Identifier: Apache-2.0

/// Why something can't be done, in words for whoever asked for it.
package struct FleetProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// What was asked for can't be understood, or can't be so.
        case invalid
        case unauthorized, forbidden, notFound
        /// It stands against what there is.
        case conflict
        /// It was changed since the caller looked at it.
        case stale
        /// An extension doesn't let it happen.
        case refused
        /// An extension that has to be asked gives no answer.
        case unanswered
        /// It may be tried again soon.
        case busy
    }

    package var kind: Kind
    package var description: String
    /// The extension that it is about, and what it was asked.
    package var extensionName: String?
    package var event: String?

    package init(_ kind: Kind, _ description: String, extensionName: String? = nil, event: String? = nil) {
        self.kind = kind
        self.description = description
        self.extensionName = extensionName
        self.event = event
    }

    static func noNode(_ id: Int) -> FleetProblem { FleetProblem(.notFound, "There is no node \(id).") }
    static func noCluster(_ id: Int) -> FleetProblem { FleetProblem(.notFound, "There is no cluster \(id).") }
}
