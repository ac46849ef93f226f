// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// What one pollster read in one cycle.
package struct PollsterReading: Sendable {
    package var samples: [Sample]
    /// What is polled, the same from cycle to cycle: the pollster and what it was pointed at.
    package var origin: String
    /// Seconds until the next one.
    package var interval: Int
    /// Whether all its resources were known: only then has a resource without samples vanished.
    package var isWhole: Bool

    package init(_ samples: [Sample], of origin: String, every interval: Int, isWhole: Bool) {
        self.samples = samples
        self.origin = origin
        self.interval = interval
        self.isWhole = isWhole
    }
}

/// Sees what is read beside the pipeline: for whoever answers with the latest of it.
package protocol ReadingObserver: Sendable {
    func note(_ reading: PollsterReading)
}
