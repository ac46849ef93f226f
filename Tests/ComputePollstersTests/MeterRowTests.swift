// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct MeterRowTests {
    private func subject(_ count: UInt64?, atSecond second: Double) -> MeterSubject {
        var stats = DomainStats.example(cpuTime: count)
        stats.readAt = MonotonicTime(nanoseconds: UInt64(second * 1e9))
        let description = DomainDescription(uuid: stats.uuid, domainName: stats.name)
        return MeterSubject(
            HostReading.Domain(stats: stats, resource: Resource(id: stats.uuid), description: description))
    }

    private func value(_ row: MeterRow, _ now: UInt64?, after before: UInt64?? = nil, seconds: Double = 10) -> Volume? {
        row.value(subject(now, atSecond: 5 + seconds), before.map { subject($0, atSecond: 5) })
    }

    private let counter = MeterRow.cumulative("c", "B", []) { $0.stats.cpuTime }
    private let delta = MeterRow.delta("d", "B", []) { $0.stats.cpuTime }
    private let rate = MeterRow.rate("r", "B/s", []) { $0.stats.cpuTime }

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
