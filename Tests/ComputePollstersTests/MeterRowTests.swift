// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct MeterRowTests {
    private typealias Row = MeterRow<UInt64?>

    private func value(_ row: Row, _ now: UInt64?, after before: UInt64?? = nil, seconds: Double = 10) -> Volume? {
        let start = MonotonicTime(nanoseconds: 5_000_000_000)
        return row.value(
            .init(subject: now, at: start + .seconds(seconds)), before.map { .init(subject: $0, at: start) })
    }

    private let counter = Row.cumulative("c", "B", []) { $0 }
    private let delta = Row.delta("d", "B", []) { $0 }
    private let rate = Row.rate("r", "B/s", []) { $0 }

    @Test func whatIsNotToldIsNoSample() {
        #expect(value(counter, nil) == nil)
        #expect(value(delta, nil, after: 5) == nil)
        #expect(value(rate, nil, after: 5) == nil)
        #expect(value(rate, 5, after: .some(nil)) == nil)
    }

    @Test func aCounterPastTheSignedRangeKeepsEveryBit() {
        #expect(value(counter, .max) == .unsigned(.max))
        #expect(value(counter, 1 << 63) == .unsigned(1 << 63))
        #expect(value(counter, (1 << 63) - 1) == .integer(.max))
    }

    @Test func aRateIsGrowthPerSecond() {
        #expect(value(rate, 1500, after: 500) == 100.0)
        #expect(value(rate, 500, after: 500) == 0.0)
        #expect(value(rate, (1 << 63) + 1000, after: 1 << 63) == 100.0)
    }

    @Test func aFirstReadingHasNoRate() {
        #expect(value(rate, 1500) == nil)
        #expect(rate.meter.needsTwoReadings)
    }

    @Test func aCounterThatBeganAnewHasNoRateUntilTheNextReading() {
        #expect(value(rate, 3, after: 1500) == nil)
        #expect(value(rate, 3, after: .max) == nil)
    }

    @Test func noTimeGivesNoRate() {
        #expect(value(rate, 1500, after: 500, seconds: 0) == nil)
    }

    /// As Ceilometer.
    @Test func aDeltaBeginsWithZeroAndIsNeverNegative() {
        #expect(value(delta, 700) == 0)
        #expect(value(delta, 700, after: 500) == 200)
        #expect(value(delta, 3, after: 500) == 3)
        #expect(value(delta, .max, after: 0) == .unsigned(.max))
    }
}
