// SPDX-License-Identifier: Apache-2.0
import Foundation
import Libvirt
import Telemetry
import TestSupport
import Testing

/// What a hypervisor says of its host is what virsh shows.
@Suite struct HostUseTests {
    @Test(.enabled(if: HypervisorLab.unavailable == nil, "\(HypervisorLab.unavailable ?? "")"), .timeLimit(.minutes(1)))
    func eachFigureLiesBetweenTwoReadingsOfVirsh() async throws {
        let lab = try await HypervisorLab.start { _ in }
        defer { lab.purge() }
        let before = try lab.virsh("nodecpustats")
        let use = try await Hypervisor(uri: lab.uri).hostUse(until: .now + .seconds(60))
        let after = try lab.virsh("nodecpustats")

        let cpu = try #require(use.cpu)
        let busy = (
            try figure("user", before) + figure("system", before), try figure("user", after) + figure("system", after)
        )
        #expect((busy.0...busy.1).contains(cpu.busy))
        let idle = (try figure("idle", before), try figure("idle", after))
        #expect((idle.0...idle.1).contains(cpu.idle))
        let memory = try #require(use.memory)
        let shown = try lab.virsh("nodememstats")
        #expect(memory.total == (try figure("total", shown)))
        let free = try figure("free", shown) + figure("buffers", shown) + figure("cached", shown)
        // Whatever else this machine does meanwhile.
        #expect(abs(Double(memory.free) - Double(free)) < Double(memory.total) / 4)
    }

    @Test func aDriverThatDoesNotTellIsNoError() async throws {
        let use = try await Hypervisor(uri: "test:///default").hostUse(until: .now + .seconds(60))
        #expect(use.memory == nil)
        let busy: UInt64 = 9_797_400_000 + 34_678_723_400_000
        #expect(use.cpu == HostUse.CPUTimes(busy: busy, waiting: 763_600_000, idle: 87_264_900_000))
    }

    /// Of `user:   9797400000` or `total  :   24683072 KiB` in a text of such lines.
    private func figure(_ name: String, _ text: String) throws -> UInt64 {
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) }, "\(text)")
        return try #require(line.split(separator: " ").compactMap { UInt64($0) }.first, "\(line)")
    }
}
