// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// While libvirtd is away nobody can read it: that much is gone, for every source.
    @Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    struct LibvirtdFaults {
        private static let domains = 1...4
        private static let uuids = Set(domains.map(HypervisorLab.uuid))

        private func lab() async throws -> HypervisorLab {
            try await HypervisorLab.start { try $0.startDomains(Self.domains) }
        }

        /// Nothing is missing but what was due while the fault lasted; it was said once that it began and once that
        /// it ended.
        private func check(_ loss: Loss, _ watch: Watch) {
            #expect(loss.beyond { $0.duringFault.contains($1.cycle) }.words == Loss.nothing, "\(loss.details)")
            #expect(loss.log.map(\.isWorse) == [true, false], "\(loss.details)")
            #expect(watch.agent.end().status == 0)
        }

        @Test(.timeLimit(.minutes(5))) func libvirtdAbsentAtStart() async throws {
            let lab = try await lab()
            try lab.killDaemon(SIGKILL)
            let watch = try Watch(lab.uri)
            try await Task.sleep(for: .seconds(20))
            try lab.startDaemon()
            let end = Date()
            try await watch.learn(Self.uuids)
            let first = watch.sources.map { $0.ledger.cycle(dueAt: watch.began) ?? 0 }
            var loss = try await watch.loss(from: first, start: watch.began, end: end, logged: 0)
            try FaultReport.add(
                1, "libvirtd absent at start for 20 s", mayMiss: "all until it is there; rates one cycle more", loss)
            // A rate needs a reading before it.
            loss = loss.beyond { $1.key.isRate && $1.cycle <= $0.duringFault.upperBound + 1 }
            check(loss, watch)
        }

        @Test(.timeLimit(.minutes(5))) func libvirtdKilledAndBackAfterTenSeconds() async throws {
            let lab = try await lab()
            let watch = try Watch(lab.uri)
            try await watch.learn(Self.uuids)
            let loss = try await watch.loss {
                try lab.killDaemon(SIGKILL)
                try await Task.sleep(for: .seconds(10))
                try lab.startDaemon()
            }
            try FaultReport.add(2, "libvirtd killed, back after 10 s", mayMiss: "all that is due meanwhile", loss)
            check(loss, watch)
        }

        @Test(.timeLimit(.minutes(5))) func libvirtdStoppedForThirtySeconds() async throws {
            let lab = try await lab()
            let watch = try Watch(lab.uri)
            try await watch.learn(Self.uuids)
            let loss = try await watch.loss {
                try lab.killDaemon(SIGSTOP)
                try await Task.sleep(for: .seconds(30))
                try lab.killDaemon(SIGCONT)
            }
            try FaultReport.add(3, "libvirtd stopped for 30 s", mayMiss: "all that is due meanwhile", loss)
            check(loss, watch)
        }
    }
}
