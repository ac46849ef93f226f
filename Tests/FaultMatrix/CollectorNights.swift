// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension Faults {
    /// The agent sends to the collector through whatever stands between them: each finished cycle arrives once.
    @Suite(.timeLimit(.minutes(5))) struct CollectorNights {
        private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
        private let directory: TemporaryDirectory
        private let folder: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            folder = try TemporaryDirectory()
        }

        private func collector(port: Int = 0) async throws -> CollectorProcess {
            try await onThread { [folder] in
                try CollectorProcess(Self.binary, folder: folder.path, settings: "listen = 127.0.0.1:\(port)")
            }
        }

        private func agent(_ port: Int) throws -> NightAgent {
            try NightAgent(
                in: directory, publishers: ["http://me:\(NightAgent.secret)@127.0.0.1:\(port)?timeout=2"])
        }

        /// The fault was told once at its beginning and once at its end, and nothing else was.
        private func check(_ agent: NightAgent, _ collector: CollectorProcess, faults: Int = 1) async throws {
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            let stored = try await collector.stored("cpu")
            #expect(stored.count == agent.cycles * agent.domains)
            #expect(Set(stored).count == stored.count)
            #expect(agent.lines("publisher refuses samples").count { $0.contains(" error ") } == faults)
            #expect(agent.lines("publisher accepts samples again").count == faults)
            #expect(agent.complaints.count == faults, "\(agent.complaints)")
            #expect(agent.lines("stay in the spool").isEmpty)
            #expect(!agent.log.contains(NightAgent.secret))
        }

        private func reason(_ agent: NightAgent) -> String {
            let line = agent.lines("publisher refuses samples").first ?? ""
            let error = line.firstRange(of: "error=").map { line[$0.upperBound...].prefix { $0 != "\n" } } ?? ""
            return error.split(separator: " publisher=").first.map { "`\($0)`" } ?? "nothing is said"
        }

        @Test(arguments: TroubledProxy.httpTroubles.indices) func trouble(_ index: Int) async throws {
            let (words, trouble) = TroubledProxy.httpTroubles[index]
            let collector = try await collector()
            defer { collector.signal(SIGKILL) }
            let proxy = try TroubledProxy(to: collector.port)
            defer { proxy.end() }
            let agent = try agent(proxy.port)
            try await agent.waitForCycles(3)
            try proxy.begin(trouble)
            try await agent.waitForCycles(5)
            var faults = 1
            if case .slow = trouble { faults = 0 }
            try await agent.wait { agent.lines("publisher refuses samples").count >= faults }
            try proxy.begin(.none)
            try await agent.wait { agent.lines("publisher accepts samples again").count >= faults }
            try await check(agent, collector, faults: faults)
            try NightReport.add(
                "1 collector \(index)", "collector", words,
                faults == 0 ? "samples come later; nothing is said" : "samples wait in the spool: \(reason(agent))")
        }

        @Test func absentAtStart() async throws {
            let collector = try await collector()
            defer { collector.signal(SIGKILL) }
            let proxy = try TroubledProxy(to: collector.port, .absent)
            defer { proxy.end() }
            let agent = try agent(proxy.port)
            try await agent.waitForCycles(4)
            try await agent.wait { !agent.lines("publisher refuses samples").isEmpty }
            try proxy.begin(.none)
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await check(agent, collector)
            try NightReport.add(
                "1 collector 9", "collector", "absent at start", "samples wait in the spool: \(reason(agent))")
        }

        @Test func killedAndBack() async throws {
            let first = try await collector()
            let agent = try agent(first.port)
            try await agent.waitForCycles(3)
            first.signal(SIGKILL)
            try await agent.waitForCycles(4)
            try await agent.wait { !agent.lines("publisher refuses samples").isEmpty }
            let second = try await collector(port: first.port)
            defer { second.signal(SIGKILL) }
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await check(agent, second)
            try NightReport.add(
                "1 collector a", "collector", "killed, back after 4 s", "samples wait in the spool: \(reason(agent))")
        }
    }
}
