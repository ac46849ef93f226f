// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Carries batches to another host. A batch is written once and kept as it was written, so that what is sent again is
/// the same bytes, with the same message ids.
package protocol Sender: Sendable {
    /// How many samples a batch has at most.
    nonisolated var batchSize: Int { get }

    /// Where its batches go, without passwords; what waits in the spool waits for that place. nil where its URL says it:
    /// the scheme, the host and the path.
    nonisolated var destination: String? { get }

    /// Writes samples as one batch.
    func encode(_ samples: [Sample]) async -> [UInt8]

    /// Returns when the other side has the batch. Throws when it may have none of it, to be called again; a
    /// ``Postponement`` tells after how long.
    ///
    /// - Returns: the samples that the other side refused for good, usually none.
    func send(_ batch: [UInt8]) async throws -> [DeadLetter]
}

extension Sender {
    package nonisolated var destination: String? { nil }
}

/// A sample that nobody will ever take.
package struct DeadLetter: Sendable, Hashable {
    /// As JSON, on one line.
    package var sample: [UInt8]
    /// In the other side's words.
    package var reason: String

    package init(sample: [UInt8], reason: String) {
        self.sample = sample
        self.reason = reason
    }
}

/// Why a batch was not taken this time, and when the other side wants to be asked again.
package struct Postponement: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
    package var pause: Duration

    package init(_ description: String, pause: Duration) {
        self.description = description
        self.pause = pause
    }
}
