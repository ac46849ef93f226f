// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// One batch's way through one transformer: when it is, and what was dropped.
package struct TransformerPass: Sendable {
    package enum Reason: Sendable, Hashable {
        /// The first of its meter and resource: a difference needs two.
        case noPredecessor
        /// It shrank, and only growth was asked for.
        case shrunk
        /// Older than the one before it.
        case outOfOrder
        /// An expression has no value for it, or no finite one.
        case noValue
        /// As many meters and resources are remembered as may be.
        case noRoom

        /// Part of what the transformer is for; the others are faults.
        var isExpected: Bool { self == .noPredecessor || self == .shrunk }
    }

    package struct Drop: Sendable, Hashable {
        package var count: Int
        /// Of the first of them.
        package var meter: String
        package var resource: String
        package var detail: String
    }

    package let now: MonotonicTime
    /// Whether no other batch follows: what is held back has to go.
    package let isLast: Bool
    package private(set) var drops: [Reason: Drop] = [:]

    package init(now: MonotonicTime, isLast: Bool = false) {
        self.now = now
        self.isLast = isLast
    }

    mutating func drop(_ sample: Sample, _ reason: Reason, _ detail: String = "") {
        drops[
            reason, default: Drop(count: 0, meter: sample.name, resource: sample.resourceID, detail: detail)
        ].count += 1
    }
}

extension TransformerPass.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noPredecessor: "the first of its meter and resource"
        case .shrunk: "it shrank"
        case .outOfOrder: "older than the one before it"
        case .noValue: "its expression has no value"
        case .noRoom: "too many meters and resources to remember"
        }
    }
}
