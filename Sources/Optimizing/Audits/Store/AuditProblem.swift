// SPDX-License-Identifier: Apache-2.0

/// Why something can't be done with an audit or a plan, in words for whoever asked for it.
package struct AuditProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// What was asked for can't be understood, or can't be so.
        case invalid
        case notFound
        /// It stands against what there is.
        case conflict
        /// It may be tried again soon.
        case busy
    }

    package var kind: Kind
    package var description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    static func none(_ what: String, _ id: String) -> AuditProblem {
        AuditProblem(.notFound, "There is no \(what) \"\(id.prefix(80))\".")
    }
}
