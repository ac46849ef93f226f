// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// Counters that no guest has in its first centuries, and such that begin anew.
    @Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    struct WildCounters {
        private static let counters = ["cpu.time", "block.0.rd.bytes", "block.0.wr.bytes", "net.0.rx.bytes"]

        @Test(.timeLimit(.minutes(5))) func countersPastTheirMiddleAndBack() async throws {
            let lab = try await HypervisorLab.start { try $0.startDomains(1...3) }
            let proxy = try CounterProxy(to: lab.socket, counters: Self.counters)
            let watch = try Watch(proxy.uri)
            try await watch.learn(Set((1...3).map(HypervisorLab.uuid)))
            let loss = try await watch.loss {
                proxy.add(1 << 63)
                try await Task.sleep(for: .seconds(8))
                proxy.add(0)
                try await Task.sleep(for: .seconds(6))
            }
            try FaultReport.add(
                14, "counters jump past 2^63, and back", mayMiss: "when they go back, their rates of one cycle", loss)
            // Only a counter that went back has no rate, and only until there are two readings again.
            let rates = ["cpu_util", "disk.", "network."]
            let others = loss.beyond { _, miss in
                miss.key.isRate && rates.contains { miss.key.meter.hasPrefix($0) }
            }
            #expect(others.words == Loss.nothing, "\(loss.details)")
            for share in loss.shares { #expect(share.misses.cycles.count <= 1, "\(loss.details)") }
            #expect(loss.log.count == 0, "\(loss.details)")

            let readings = try watch.agent.readings()
            for uuid in (1...3).map(HypervisorLab.uuid) {
                let cpu = readings.of("cpu", uuid).map(\.volume)
                #expect(cpu.contains { $0 >= 0x1p63 } && (cpu.last ?? .infinity) < 0x1p63)
                #expect(cpu.allSatisfy { $0 >= 0 })
                // A counter that goes back has no rate, not a negative one.
                #expect(readings.of("cpu_util", uuid).allSatisfy { $0.volume >= 0 })
            }
            #expect(watch.agent.end().status == 0)
        }
    }
}
