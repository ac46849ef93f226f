// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// A domain that goes takes its own samples with it and no others, whatever the agent was just doing.
    @Suite(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    struct VanishingDomains {
        /// The first answer is the one before the agent knows any domain; by the sixth it knows them all.
        @Test(
            .enabled(if: RPCProxy.isThere, "../shared/lab/hypervisor/rpc-proxy.py is not there"),
            .timeLimit(.minutes(5)), arguments: RPCProxy.Call.allCases, [1, 6])
        func aDomainDestroyedWhileItIsRead(call: RPCProxy.Call, turn: Int) async throws {
            let lab = try await HypervisorLab.start { try $0.startDomains(1...4) }
            let proxy = try RPCProxy(
                to: lab.socket, after: call, turn: turn,
                run: "virsh -q -c '\(lab.uri)' destroy \(HypervisorLab.name(2))")
            let watch = try Watch(proxy.uri)
            let deadline = Date().addingTimeInterval(60)
            while try lab.virsh("list", "--name").contains(HypervisorLab.name(2)) {
                try #require(Date() < deadline, "the agent never called \(call) \(turn) times")
                try await Task.sleep(for: .milliseconds(50))
            }
            let destroyed = Date()
            try await watch.learn(Set([1, 3, 4].map(HypervisorLab.uuid)))
            watch.forget([HypervisorLab.uuid(2)])
            let loss = try await watch.loss(from: [0, 0], start: watch.began, end: destroyed, logged: 0)
            try FaultReport.add(
                6, "a domain destroyed after \(call) was answered, turn \(turn), before the agent had the answer",
                mayMiss: "the domain; rates in the agent's first cycle", loss)

            // Each source begins at once, and only rates can be missing in its first cycle.
            #expect(loss.beyond { $1.cycle <= 0 }.words == Loss.nothing, "\(loss.details)")
            for source in watch.sources {
                let start = try #require(source.ledger.origin)
                #expect(start.timeIntervalSince(watch.began) < Double(2 * source.ledger.interval))
                let others = (source.ledger.cycles[1] ?? []).filter { $0.domain != HypervisorLab.uuid(2) }
                #expect(others == source.expected)
            }
            // That a domain goes is nothing to speak of.
            #expect(loss.log.count == 0, "\(loss.details)")
            #expect(watch.agent.end().status == 0)
        }

        @Test(.timeLimit(.minutes(15))) func seventyOfAHundredDestroyedInABurst() async throws {
            let lab = try await HypervisorLab.start { try $0.startDomains(1...100) }
            let watch = try Watch(lab.uri, every: 5, beside: 7)
            try await watch.learn(Set((1...100).map(HypervisorLab.uuid)))
            let gone = Set((1...70).map(HypervisorLab.uuid))
            let loss = try await watch.loss {
                try lab.destroyDomains(1...70)
                watch.forget(gone)
            }
            try FaultReport.add(7, "70 of 100 domains destroyed in a burst", mayMiss: "those 70", loss)
            #expect(loss.words == Loss.nothing, "\(loss.details)")
            #expect(loss.log.count == 0, "\(loss.details)")
            for source in watch.sources {
                let last = try #require(source.ledger.lastFull(source.expected))
                let ghosts = (source.ledger.cycles[last] ?? []).filter { gone.contains($0.domain) }
                #expect(ghosts.isEmpty)
            }
            #expect(watch.agent.end().status == 0)
        }
    }
}
