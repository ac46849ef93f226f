// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Telemetry

/// An action plan as it is kept.
package struct PlanRecord: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Waits for an operator.
        case recommended = "RECOMMENDED"
        /// An operator wants it done; whoever carries plans out may begin.
        case pending = "PENDING"
        case ongoing = "ONGOING"
        /// It is done, or there was nothing to do.
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case cancelled = "CANCELLED"
        case cancelling = "CANCELLING"
        /// Too old to be carried out: the cluster has changed since.
        case superseded = "SUPERSEDED"
        case deleted = "DELETED"

        package var successors: [State] {
            switch self {
            case .recommended: [.pending, .ongoing, .cancelled, .deleted]
            case .pending: [.ongoing, .cancelled]
            case .ongoing: [.succeeded, .failed, .cancelling, .cancelled]
            case .cancelling: [.cancelled]
            case .succeeded, .failed, .cancelled, .superseded: [.deleted]
            case .deleted: []
            }
        }

        package var isFinal: Bool { successors == [.deleted] || self == .deleted }
    }

    package var id: Int = 0
    package var uuid: String
    package var audit: String
    package var state: State
    package var strategy: String
    /// Lists of objects with name, unit and value.
    package var efficacy: JSONValue
    package var globalEfficacy: JSONValue
    package var message: String?
    package var host: String?
    package var created: Timestamp
    package var updated: Timestamp?
    package var deleted: Timestamp?
}

/// One action of a plan.
package struct ActionRecord: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case pending = "PENDING"
        case ongoing = "ONGOING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        /// It doesn't apply any more, or an operator wants it left out.
        case skipped = "SKIPPED"
        case cancelled = "CANCELLED"

        package var successors: [State] {
            switch self {
            case .pending: [.ongoing, .succeeded, .failed, .skipped, .cancelled]
            case .ongoing: [.succeeded, .failed, .cancelled]
            case .succeeded, .failed, .skipped, .cancelled: []
            }
        }

        package var isFinal: Bool { successors.isEmpty }
    }

    package var id: Int = 0
    package var uuid: String
    package var plan: String
    package var type: String
    package var parameters: JSONObject
    /// UUIDs of those that must be done before; nil where the planner doesn't say.
    package var parents: [String]?
    package var state: State = .pending
    package var message: String?
    package var created: Timestamp
    package var updated: Timestamp?
}

/// An engine that runs audits of the store.
package struct EngineRecord: Sendable, Hashable {
    package var id: String
    package var host: String
    package var started: Timestamp
    package var seen: Timestamp
}
