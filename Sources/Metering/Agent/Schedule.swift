// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// When cycles begin: the first at once, then on a fixed grid of the monotonic clock, shifted by a phase of its own.
package struct Schedule: Sendable, Hashable {
    package let start: MonotonicTime
    /// Seconds.
    package let interval: Int
    /// How much later than start + n · interval each cycle after the first begins.
    package let phase: Duration

    package init(start: MonotonicTime, interval: Int, phase: Duration) {
        self.start = start
        self.interval = interval
        self.phase = phase
    }

    /// The tick after now, and how many were missed since the one that the last cycle began at.
    ///
    /// - Parameter last: when the last cycle was due.
    package func next(after now: MonotonicTime, last: MonotonicTime) -> (tick: MonotonicTime, missed: Int) {
        let origin = start + phase
        func index(_ instant: MonotonicTime) -> Int { Int(instant.seconds(since: origin) / Double(interval)) }
        let tick = now < origin ? 1 : index(now) + 1
        // Cycle 0 began at the start itself, before the grid.
        let lastIndex = last < origin ? 0 : Int((last.seconds(since: origin) / Double(interval)).rounded())
        return (origin + .seconds(tick * interval), max(0, tick - lastIndex - 1))
    }
}
