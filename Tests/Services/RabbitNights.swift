// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

extension RabbitSuites {
    /// An agent, a real RabbitMQ and a collector: both reach the broker through a proxy, and each finished cycle is stored
    /// once whatever happens to that. That the broker itself is killed is tried in `NotifierAndCollectorTests`.
    @Suite(
        .serialized, .timeLimit(.minutes(5)), Nights.areWanted)
    struct RabbitNights {
        private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
        private let directory: TemporaryDirectory
        private let folder: TemporaryDirectory
        private let proxy: TroubledProxy
        private let name = "night-\(UUID().uuidString.prefix(8))"

        init() async throws {
            try await ServicesLab.shared.up("rabbitmq")
            directory = try TemporaryDirectory()
            folder = try TemporaryDirectory()
            proxy = try TroubledProxy(to: Rabbit.port)
        }

        private var bus: String {
            """
            [DEFAULT]
            transport_url = \(Rabbit.text(at: proxy.port))
            control_exchange = \(name)
            [oslo_messaging_rabbit]
            amqp_durable_queues = true
            rabbit_interval_max = 2
            heartbeat_timeout_threshold = 6
            """
        }

        private func agent() throws -> NightAgent {
            try NightAgent(in: directory, publishers: ["notifier://?topic=\(name)"], settings: bus)
        }

        private func collector() async throws -> CollectorProcess {
            try await onThread { [folder, bus, name] in
                try CollectorProcess(
                    Self.binary, folder: folder.path, settings: "bus_topics = \(name)\n\(bus)")
            }
        }

        /// By the words for the table.
        static let troubles: [(words: String, trouble: TroubledProxy.Trouble)] = [
            ("gone: refused, connections reset", .absent), ("hung: connections stay, nothing comes", .hung),
            ("hung in the middle of an answer", .hungMidway(10)), ("slow: 300 ms for each piece", .slow(300)),
            ("rubbish: bytes that are no AMQP", .rubbish(TroubledProxy.Rubbish.bytes)),
            ("rubbish: a web server", .rubbish(TroubledProxy.Rubbish.page)),
        ]

        private func reason(_ agent: NightAgent) -> String {
            let line = agent.lines("publisher refuses samples").first ?? ""
            let error = line.firstRange(of: "error=").map { line[$0.upperBound...] } ?? ""
            return error.split(separator: " publisher=").first.map { "`\($0)`" } ?? "nothing is said"
        }

        private func check(
            _ agent: NightAgent, _ collector: CollectorProcess, faults: Int, isFromStart: Bool = false
        ) async throws {
            try await agent.waitForCycles(2)
            #expect(try await agent.end() == 0)
            #expect(agent.lines("stay in the spool").isEmpty)
            let expected = agent.cycles * agent.domains
            var stored: [String] = []
            while stored.count < expected {
                stored = try await collector.stored("cpu")
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(stored.count == expected && Set(stored).count == expected)
            #expect(try await Rabbit.waiting(in: "\(name).sample") == 0)
            #expect(agent.lines("publisher refuses samples").count { $0.contains(" error ") } == faults)
            #expect(agent.lines("publisher accepts samples again").count == faults)
            #expect(agent.complaints.count == faults, "\(agent.complaints)")
            let log = try collector.log
            // Each connection that is lost is told once, and that another one is there.
            let lost = log.split(separator: "\n").count { $0.contains("no samples come off the message bus") }
            let found = log.split(separator: "\n").count { $0.contains("taking samples off the message bus") }
            #expect(found == lost + (isFromStart ? 0 : 1) && lost <= 1, "\(log)")
            #expect(!(agent.log + log).contains(ServicesLab.password))
        }

        @Test(arguments: troubles.indices) func trouble(_ index: Int) async throws {
            let (words, trouble) = Self.troubles[index]
            let collector = try await collector()
            defer { collector.signal(SIGKILL) }
            let agent = try agent()
            try await agent.waitForCycles(3)
            while try await collector.stored("cpu").isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            try proxy.begin(trouble)
            var faults = 1
            if case .slow = trouble { faults = 0 }
            try await agent.waitForCycles(5)
            try await agent.wait { agent.lines("publisher refuses samples").count >= faults }
            try proxy.begin(.none)
            try await agent.wait { agent.lines("publisher accepts samples again").count >= faults }
            try await check(agent, collector, faults: faults)
            try NightReport.add(
                "2 rabbitmq \(index)", "RabbitMQ", words,
                faults == 0
                    ? "samples come later; nothing is said" : "samples wait in the spool: \(reason(agent))")
        }

        @Test func absentAtStart() async throws {
            try proxy.begin(.absent)
            let agent = try agent()
            let collector = try await collector()
            defer { collector.signal(SIGKILL) }
            try await agent.waitForCycles(3)
            try await agent.wait { !agent.lines("publisher refuses samples").isEmpty }
            try proxy.begin(.none)
            try await agent.wait { !agent.lines("publisher accepts samples again").isEmpty }
            try await check(agent, collector, faults: 1, isFromStart: true)
            try NightReport.add(
                "2 rabbitmq a", "RabbitMQ", "absent at start", "samples wait in the spool: \(reason(agent))")
        }
    }
}
