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
        #expect(CPUMeters.cpuTime(stats, .domain) == 999_999)
    }

    /// Ceilometer's own example: four virtual CPUs at most, two in use with a hole between them.
    @Test func timeAndWaitOfEachVirtualCPUAreSummed() {
        let stats = stats(current: 2, [(0, 10_000, 10_000), (2, 10_000, 10_000)])
        #expect(CPUMeters.cpuTime(stats, .vcpu) == 40_000)
    }

    @Test func oneThatTellsNoWaitMakesTheDomainsOwnTimeCount() {
        let stats = stats(current: 2, [(0, 10_000, 10_000), (1, 10_000, nil)])
        #expect(CPUMeters.cpuTime(stats, .vcpu) == 999_999)
    }

    @Test func moreThanAreInUseMakesTheDomainsOwnTimeCount() {
        let stats = stats(current: 1, [(0, 10_000, 10_000), (1, 10_000, 10_000)])
        #expect(CPUMeters.cpuTime(stats, .vcpu) == 999_999)
    }

    /// Ceilometer takes 0 here, which is wrong.
    @Test func aHangingGuestsOwnTimeCounts() {
        #expect(CPUMeters.cpuTime(stats(current: nil, []), .vcpu) == 999_999)
    }
}

@Suite struct UtilisationTests {
    /// The seed's example: four virtual CPUs that use 60 s of CPU time in 60 s are a quarter busy.
    @Test func itIsAShareOfAllVirtualCPUs() {
        #expect(CPUMeters.utilisation(60e9, within: 60, vcpus: 4) == 25)
    }

    @Test func itNeverPassesAHundred() {
        #expect(CPUMeters.utilisation(1.1e9, within: 1, vcpus: 1) == 100)
    }

    @Test func aCounterThatWentBackGivesNothing() {
        #expect(growth(120_000_000_000, 180_000_000_000) == nil)
        #expect(CPUMeters.utilisation(nil, within: 60, vcpus: 4) == nil)
    }

    @Test func anUnknownNumberOfVirtualCPUsGivesNothing() {
        #expect(CPUMeters.utilisation(1e9, within: 1, vcpus: nil) == nil)
        #expect(CPUMeters.utilisation(1e9, within: 1, vcpus: 0) == nil)
    }
}
