// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// A guest whose QEMU hangs: libvirt waits for its monitor, and for nobody else's.
    @Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    struct GuestFaults {
        private static let domains = 1...8
        private static let uuids = Set(domains.map(HypervisorLab.uuid))

        private func watched() async throws -> (lab: HypervisorLab, watch: Watch) {
            let lab = try await HypervisorLab.start { try $0.startDomains(Self.domains) }
            let watch = try Watch(lab.uri)
            try await watch.learn(Self.uuids)
            return (lab, watch)
        }

        /// What QEMU alone can tell: memory in use, and what was read of and written to disks. Rates need a reading
        /// before them, and come one cycle later.
        private func mayMiss(_ miss: Ledger.Miss, _ share: Loss.Share, _ stopped: Set<String>) -> Bool {
            let key = miss.key
            let isFlavor = ["disk.root.size", "disk.ephemeral.size"].contains(key.meter)
            let isQEMUs = !isFlavor && ["disk.", "memory."].contains { key.meter.hasPrefix($0) }
            let cycle = key.isRate ? miss.cycle - 1 : miss.cycle
            return stopped.contains(key.domain) && isQEMUs
                && share.duringFault ~= max(cycle, share.duringFault.lowerBound)
        }

        @Test(.timeLimit(.minutes(5))) func oneGuestStoppedForThirtySeconds() async throws {
            let (lab, watch) = try await watched()
            let loss = try await watch.loss {
                let qemu = try lab.domainPID(1)
                kill(qemu, SIGSTOP)
                defer { kill(qemu, SIGCONT) }
                try await Task.sleep(for: .seconds(30))
            }
            try FaultReport.add(
                4, "one QEMU of \(Self.domains.count) stopped for 30 s",
                mayMiss: "its disks and memory; of all others one cycle", loss)

            let others = loss.beyond { mayMiss($1, $0, [HypervisorLab.uuid(1)]) }
            for share in others.shares {
                #expect(share.misses.cycles.count <= 1, "\(others.details)")
                #expect(share.misses.cycles.isSubset(of: share.duringFault), "\(others.details)")
            }
            #expect(loss.log.map(\.isWorse) == [true, false], "\(others.details)")
            #expect(watch.agent.end().status == 0)
        }

        /// More of them than calls may hang.
        @Test(.timeLimit(.minutes(5))) func fiveGuestsStoppedOneAfterTheOther() async throws {
            let (lab, watch) = try await watched()
            let stopped = 1...5
            let loss = try await watch.loss {
                let qemus = try stopped.map { try lab.domainPID($0) }
                defer { for qemu in qemus { kill(qemu, SIGCONT) } }
                for qemu in qemus {
                    kill(qemu, SIGSTOP)
                    try await Task.sleep(for: .seconds(9))
                }
            }
            try FaultReport.add(
                5, "five QEMUs of \(Self.domains.count) stopped, one after the other, 9 s apart",
                mayMiss: "their disks and memory; of all others one cycle for each", loss)

            let uuids = Set(stopped.map(HypervisorLab.uuid))
            let others = loss.beyond { mayMiss($1, $0, uuids) }
            for share in others.shares {
                #expect(share.misses.cycles.count <= stopped.count, "\(others.details)")
                #expect(share.misses.longestGap <= 2, "\(others.details)")
                #expect(share.misses.cycles.isSubset(of: share.duringFault), "\(others.details)")
            }
            // Of each it was said once that it began and once that it ended; several share a line.
            let names = stopped.map(HypervisorLab.name)
            #expect(loss.log.filter(\.isWorse).flatMap(\.names).sorted() == names, "\(others.details)")
            #expect(loss.log.filter(\.isBetter).flatMap(\.names).sorted() == names, "\(others.details)")
            #expect(watch.agent.end().status == 0)
        }
    }
}
