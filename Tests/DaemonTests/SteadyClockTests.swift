// SPDX-License-Identifier: Apache-2.0
import Daemon
import Telemetry
import TestSupport
import Testing

@Suite struct SteadyClockTests {
    private let log = LogMemory()
    private let clock: SteadyClock
    private let day: Int64 = 86_400

    init() {
        clock = SteadyClock(log: log.logger, consequence: "nothing goes", wall: Self.wall(0), monotonic: Self.ticks(0))
    }

    private static func wall(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: 1_795_000_000_000_000 + seconds * 1_000_000)
    }

    private static func ticks(_ seconds: Int64) -> MonotonicTime {
        .init(nanoseconds: UInt64(1000 + seconds) * 1_000_000_000)
    }

    /// What it may be, in seconds since the start, after so many by the monotonic clock while the wall clock is so far off.
    private func read(after seconds: Int64, off: Int64) -> [Int64] {
        let reading = clock.reading(wall: Self.wall(seconds + off), monotonic: Self.ticks(seconds))
        return [reading.earliest, reading.latest].map { ($0.microseconds - Self.wall(0).microseconds) / 1_000_000 }
    }

    @Test func aClockThatRunsIsBelieved() {
        #expect(read(after: 10, off: 0) == [10, 10])
        // Pulled straight, little by little.
        for step in 1...100 { #expect(read(after: Int64(10 * step), off: Int64(step)).count == 2) }
        #expect(read(after: 1001, off: 100) == [1101, 1101])
        #expect(log.lines.isEmpty)
    }

    @Test func aDayForwardIsBelievedAfterADay() {
        #expect(read(after: 10, off: day) == [10, 10 + day])
        #expect(read(after: day - 1, off: day) == [day - 1, 2 * day - 1])
        #expect(read(after: day + 10, off: day) == [2 * day + 10, 2 * day + 10])
        #expect(
            log.lines.map { $0.prefix(48) } == [
                "warning: the clock was set; for a day nothing go", "notice: the clock is believed again time=2026-11",
            ])
        #expect(log.lines.first?.contains("seconds=86400") == true)
    }

    @Test func aDayBackAndCorrectedIsOverAtOnce() {
        #expect(read(after: 10, off: -day) == [10 - day, 10])
        #expect(read(after: 20, off: 0) == [20, 20])
        #expect(log.lines.count == 2)
    }
}
