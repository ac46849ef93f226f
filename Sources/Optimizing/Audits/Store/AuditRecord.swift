// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Telemetry

/// An audit as it is kept: what it is to do, and how it is getting on.
package struct AuditRecord: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Runs once, at once.
        case oneshot = "ONESHOT"
        /// Runs by its interval.
        case continuous = "CONTINUOUS"
        /// Runs whenever its webhook is called.
        case event = "EVENT"
    }

    package enum State: String, Sendable, Hashable, CaseIterable {
        case pending = "PENDING"
        /// Runs, or is continuous and will run again.
        case ongoing = "ONGOING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        case cancelled = "CANCELLED"
        /// Left out of the schedule for a time.
        case suspended = "SUSPENDED"
        case deleted = "DELETED"

        /// Where a client may take it from here.
        package var successors: [State] {
            switch self {
            case .pending: [.cancelled]
            case .ongoing: [.cancelled, .suspended]
            case .suspended: [.ongoing, .cancelled, .deleted]
            case .succeeded, .failed, .cancelled: [.deleted]
            case .deleted: []
            }
        }

        /// Whether it is over.
        package var isFinal: Bool { [.succeeded, .failed, .cancelled, .deleted].contains(self) }
    }

    package var id: Int = 0
    package var uuid: String
    package var name: String
    package var kind: Kind
    package var state: State = .pending
    package var goal: String
    /// The one that serves the goal where none was named.
    package var strategy: String
    package var parameters: JSONObject = [:]
    package var scope: JSONValue = []
    /// As it was given; see ``AuditInterval``.
    package var interval: String?
    /// Whether it runs though an action plan is being carried out.
    package var isForced = false
    /// The window in which a continuous one runs.
    package var start: Timestamp?
    package var end: Timestamp?
    /// nil where it isn't due any more, or not before its webhook is called.
    package var nextRun: Timestamp?
    /// What came of the last run, where there is something to be said.
    package var message: String?
    /// The host of the engine that ran it last.
    package var host: String?
    /// Which run it is, from 1: what an engine brings that lost its lease is told from what the next one brings by it.
    package var run = 0
    /// Engines that took the run up and never ended it.
    package var attempts = 0
    package var created: Timestamp
    package var updated: Timestamp?
    package var deleted: Timestamp?
}
