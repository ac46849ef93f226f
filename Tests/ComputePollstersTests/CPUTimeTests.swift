// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct CPUTimeTests {
    private func stats(current: Int?, _ vcpus: [(number: Int, time: UInt64?, wait: UInt64?)]) -> DomainStats {
        DomainStats.example(cpuTime: 999_999, vcpuCount: current, vcpus: vcpus)
    }

    @Test func theDomainsOwnTimeIsTheDefault() {
        let stats = stats(current: 1, [(0, 10_000, 10_000)])
        #expect(CPUPollster.cpuTime(stats, .domain) == 999_999)
    }

    /// Ceilometer's own example: four virtual CPUs at most, two in use with a hole between them.
    @Test func timeAndWaitOfEachVirtualCPUAreSummed() {
        let stats = stats(current: 2, [(0, 10_000, 10_000), (2, 10_000, 10_000)])
        #expect(CPUPollster.cpuTime(stats, .vcpu) == 40_000)
    }

    @Test func oneThatTellsNoWaitMakesTheDomainsOwnTimeCount() {
        let stats = stats(current: 2, [(0, 10_000, 10_000), (1, 10_000, nil)])
        #expect(CPUPollster.cpuTime(stats, .vcpu) == 999_999)
    }

    @Test func moreThanAreInUseMakesTheDomainsOwnTimeCount() {
        let stats = stats(current: 1, [(0, 10_000, 10_000), (1, 10_000, 10_000)])
        #expect(CPUPollster.cpuTime(stats, .vcpu) == 999_999)
    }

    /// Ceilometer takes 0 here, which is wrong.
    @Test func aHangingGuestsOwnTimeCounts() {
        #expect(CPUPollster.cpuTime(stats(current: nil, []), .vcpu) == 999_999)
    }
}

@Suite struct UtilisationTests {
    private func reading(_ cpuTime: UInt64, atSecond second: Double) -> CPUPollster.Reading {
        .init(cpuTime: cpuTime, at: MonotonicTime(nanoseconds: UInt64(second * 1e9)))
    }

    /// The seed's example: four virtual CPUs that use 60 s of CPU time in 60 s are a quarter busy.
    @Test func itIsAShareOfAllVirtualCPUs() {
        let percent = CPUPollster.utilisation(
            from: reading(120_000_000_000, atSecond: 100), to: reading(180_000_000_000, atSecond: 160), vcpus: 4)
        #expect(percent == 25)
    }

    @Test func itNeverPassesAHundred() {
        let percent = CPUPollster.utilisation(
            from: reading(0, atSecond: 0), to: reading(1_100_000_000, atSecond: 1), vcpus: 1)
        #expect(percent == 100)
    }

    @Test func aCounterThatWentBackGivesNothing() {
        let percent = CPUPollster.utilisation(
            from: reading(180_000_000_000, atSecond: 0), to: reading(120_000_000_000, atSecond: 60), vcpus: 4)
        #expect(percent == nil)
    }

    @Test func noTimeGivesNothing() {
        #expect(CPUPollster.utilisation(from: reading(1, atSecond: 5), to: reading(2, atSecond: 5), vcpus: 1) == nil)
    }

    @Test func countersPastTheSignedRangeStillGiveARate() {
        let high: UInt64 = 1 << 63
        let percent = CPUPollster.utilisation(
            from: reading(high, atSecond: 0), to: reading(high + 500_000_000, atSecond: 1), vcpus: 1)
        #expect(percent == 50)
    }
}
