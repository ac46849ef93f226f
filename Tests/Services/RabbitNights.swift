// SPDX-License-Identifier: Apache-2.0
import Foundation
import MessageBus
import TestSupport
import Testing

extension RabbitSuites {
    /// An agent, a real RabbitMQ and a collector: both reach the broker through a proxy, and each finished cycle is stored
    /// once whatever happens to that. That the broker itself is killed is tried in `NotifierAndCollectorTests`.
    @Suite(
        .serialized, .timeLimit(.minutes(5)),
        .enabled(
            if: ProcessInfo.processInfo.environment["HYPSOMETER_FAULT_MATRIX"] == "1",
            "takes minutes: set HYPSOMETER_FAULT_MATRIX=1"))
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
            transport_url = rabbit://openstack:\(ServicesLab.password)@127.0.0.1:\(proxy.port)/openstack
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
        private static let troubles: [(words: String, trouble: TroubledProxy.Trouble)] = [
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

        /// That an instance was created, as nova tells it: six samples.
        private func message(_ number: Int) -> BusMessage {
            let inner =
                #"{"message_id":"\#(name)-\#(number)","publisher_id":"compute.cn1","event_type":"#
                + #""compute.instance.create.end","priority":"INFO","timestamp":"2026-11-21 04:39:33.500036","payload":"#
                + #"{"tenant_id":"p1","user_id":"u1","instance_id":"\#(name)-i\#(number)","memory_mb":512,"vcpus":1,"#
                + #""root_gb":1,"ephemeral_gb":0,"created_at":"2026-11-21 04:39:32+00:00","launched_at":"#
                + #""2026-11-21T04:39:33.415413","state":"active","host":"cn1","metadata":{}}}"#
            let envelope = #"{"oslo.version":"2.0","oslo.message":"\#(inner.replacing("\"", with: "\\\""))"}"#
            return BusMessage(exchange: "\(name)-exchange", routingKey: "\(name).info", body: Array(envelope.utf8))
        }

        @Test(.enabled(if: SmallDisk.unavailable == nil, "no small disk can be mounted here"))
        func aFullDiskOfTheNotificationServicesSpool() async throws {
            let disk = try SmallDisk(mebibytes: 4)
            let (folder, name) = (folder, name)
            let collector = try await onThread { try CollectorProcess(Self.binary, folder: folder.path) }
            defer { collector.signal(SIGKILL) }
            let proxy = try TroubledProxy(to: collector.port)
            defer { proxy.end() }
            let service = try await onThread {
                try RunningNotifications(
                    in: folder, topic: name, exchanges: "\(name)-exchange", collector: proxy.port,
                    more: "spool_directory = \(disk.path)")
            }
            defer { service.signal(SIGKILL) }
            let publisher = BusPublisher(to: try Rabbit.url(), BusOptions())
            func publish(_ numbers: Range<Int>) async throws {
                // One by one, as services do: each is a batch of its own, or nearly.
                for number in numbers { try await publisher.publish([message(number)]) }
            }
            @Sendable func logged(_ words: String) throws -> Int {
                try service.log.split(separator: "\n").count { $0.contains(words) }
            }
            try await publish(0..<10)
            while try await collector.stored("instance").count < 10 { try await Task.sleep(for: .milliseconds(50)) }
            try proxy.begin(.absent)
            try disk.fill()
            try await publish(10..<20)
            while try logged("notifications wait in the broker") == 0 { try await Task.sleep(for: .milliseconds(50)) }
            try await publish(20..<30)
            disk.free()
            while try logged("notifications are taken again") == 0 { try await Task.sleep(for: .milliseconds(50)) }
            try proxy.begin(.none)
            while try await collector.stored("instance").count < 30 { try await Task.sleep(for: .milliseconds(50)) }
            await publisher.close()
            #expect(try await onThread { service.stop() } == 0)
            for meter in ["instance", "memory", "vcpus"] {
                let stored = try await collector.stored(meter)
                #expect(stored.count == 30 && Set(stored).count == 30, "\(meter)")
            }
            #expect(try await Rabbit.waiting(in: "\(name).info") == 0)
            #expect(try logged("notifications wait in the broker") == 1)
            #expect(try logged("notifications are taken again") == 1)
            #expect(try logged("samples can't be spooled") == 1)
            try NightReport.add(
                "6 disk 4", "disk of the notification service's spool, and nobody takes samples", "full",
                "notifications stay in the broker: `samples can't be stored; notifications wait in the broker`")
        }
    }
}
