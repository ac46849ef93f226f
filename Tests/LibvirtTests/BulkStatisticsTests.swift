// SPDX-License-Identifier: Apache-2.0
import Foundation
import Libvirt
import Telemetry
import TestSupport
import Testing

/// Over a real libvirtd with QEMU domains: every figure is what `virsh domstats` shows.
@Suite(.enabled(if: HypervisorLab.unavailable == nil, "\(HypervisorLab.unavailable ?? "")"), .timeLimit(.minutes(2)))
struct BulkStatisticsTests {
    private let groups: StatsGroups = [.state, .cpu, .vcpu, .memory, .disks, .interfaces]

    @Test func eachFigureLiesBetweenTwoReadingsOfVirsh() async throws {
        let lab = try await HypervisorLab.start { try $0.startDomains(1...1, load: 50) }
        defer { lab.purge() }
        // The lab's guests write one sector and then no more.
        while try figures(lab)["block.0.wr.reqs"] != 1 { try await Task.sleep(for: .milliseconds(50)) }
        let hypervisor = Hypervisor(uri: lab.uri)
        let before = try figures(lab)
        let stats = try #require(try await hypervisor.statistics(groups, until: .now + .seconds(60)).first)
        let after = try figures(lab)

        #expect(stats.isActive && stats.isMute != true)
        #expect(stats.disks.map(\.name) == ["vda", "vdb"])
        #expect(stats.interfaces.count == 1)
        for (name, value) in stats.byName {
            let (low, high) = try (#require(before[name], "\(name)"), #require(after[name], "\(name)"))
            let figure = try #require(value, "\(name)")
            #expect((min(low, high)...max(low, high)).contains(figure), "\(name)")
        }
        // The one figure that goes up and down.
        #expect(stats.memory.resident ?? 0 > 10_000)
        // The lab's guests have no balloon driver.
        #expect(stats.memory.available == nil && stats.memory.unused == nil && stats.memory.swapIn == nil)
        #expect(stats.disks[0].writeBytes == 512)
    }

    @Test func sharesHaveEachDomainOnce() async throws {
        let lab = try await HypervisorLab.start { lab in
            try lab.startDomains(1...5)
            try lab.define(lab.domainXML(6))
        }
        defer { lab.purge() }
        let hypervisor = Hypervisor(uri: lab.uri)
        var uuids: [String] = []
        for index in 0..<3 {
            let share = DomainShare(index, of: 3)
            uuids += try await hypervisor.statistics(groups, of: share, until: .now + .seconds(60)).map(\.uuid)
        }
        #expect(uuids.sorted() == (1...6).map(HypervisorLab.uuid))
        let some = Set([2, 5].map(HypervisorLab.uuid))
        let only = try await hypervisor.statistics(groups, only: some, until: .now + .seconds(60))
        #expect(Set(only.map(\.uuid)) == some)
        let off = try await hypervisor.statistics(
            groups, only: [HypervisorLab.uuid(6)], until: .now + .seconds(60))
        #expect(off.map(\.isActive) == [false])
    }

    private func figures(_ lab: HypervisorLab) throws -> [String: UInt64] {
        var figures: [String: UInt64] = [:]
        for line in try lab.virsh("domstats").split(separator: "\n") {
            let parts = line.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, let value = UInt64(parts[1]) { figures[parts[0]] = value }
        }
        return figures
    }
}

extension DomainStats {
    /// By libvirt's names: those that a guest without a balloon driver tells.
    fileprivate var byName: [String: UInt64?] {
        var figures: [String: UInt64?] = [
            "cpu.time": cpuTime, "vcpu.current": vcpuCount.map { UInt64($0) }, "vcpu.0.time": vcpus.first?.time,
            "vcpu.0.wait": vcpus.first?.wait, "balloon.current": memory.actual,
        ]
        for (index, disk) in disks.enumerated() {
            let own = [
                "rd.reqs": disk.readRequests, "rd.bytes": disk.readBytes, "rd.times": disk.readTime,
                "wr.reqs": disk.writeRequests, "wr.bytes": disk.writeBytes, "wr.times": disk.writeTime,
                "allocation": disk.allocation, "capacity": disk.capacity, "physical": disk.physical,
            ]
            for (name, value) in own { figures["block.\(index).\(name)"] = value }
        }
        for (index, interface) in interfaces.enumerated() {
            for (way, traffic) in [("rx", interface.received), ("tx", interface.sent)] {
                let own = [
                    "bytes": traffic.bytes, "pkts": traffic.packets, "errs": traffic.errors, "drop": traffic.drops,
                ]
                for (name, value) in own { figures["net.\(index).\(way).\(name)"] = value }
            }
        }
        return figures
    }
}
