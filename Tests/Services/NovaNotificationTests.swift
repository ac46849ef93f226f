// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import MessageBus
import Synchronization
import Telemetry
import TestSupport
import Testing

extension RabbitSuites {
    /// What a real nova announces of an instance's life, down to the collector.
    @Suite(.serialized) struct NovaNotificationTests {
        private static let wanted = [
            "compute.instance.create.end", "compute.instance.exists", "compute.instance.delete.start",
        ]

        @Test(.timeLimit(.minutes(40)))
        func eachTimeThatAnInstanceIsCreatedExistsOrIsDeletedIsOneSampleWhateverStopsInBetween() async throws {
            let folder = try TemporaryDirectory()
            // Other suites may have stopped the broker under it, which its conductor takes minutes to get over.
            try await ServicesLab.shared.down("nova")
            try await ServicesLab.shared.up("nova")
            try await ServicesLab.shared.seed("nova")
            let collector = try await onThread {
                try CollectorProcess(RunningNotifications.binary, folder: folder.path)
            }
            defer { collector.stop() }
            let port = collector.port
            @Sendable func start() throws -> RunningNotifications {
                try RunningNotifications(
                    in: folder, topic: "notifications", exchanges: "nova,openstack", collector: port)
            }
            try await withWitness { witness in
                let first = try await onThread { try start() }
                let server = try await NovaServer.boot("sampled", try CloudLab.facts())
                @Sendable func sampled() throws -> [String: Int] { try Self.eventTypes(of: server.id, at: port) }
                #expect(try await onThread { try first.waits { try sampled()[Self.wanted[0]] == 1 } })

                // Nobody listens while it is resized, which nova tells what existed until then.
                first.signal(SIGKILL)
                let flavor = try NovaServer.flavor("m1.big", try CloudLab.facts())
                try await server.act(#"{"resize": {"flavorRef": "\#(flavor)"}}"#)
                try await server.waits(for: "VERIFY_RESIZE")
                try await server.act(#"{"confirmResize": null}"#)
                try await server.waits(for: "ACTIVE")
                let second = try await onThread { try start() }
                #expect(try await onThread { try second.waits { try sampled()[Self.wanted[1], default: 0] > 0 } })

                // With nothing under way the broker goes and comes back; all find it again.
                try await ServicesLab.shared.down("rabbitmq")
                #expect(
                    try await onThread { try second.waits { try second.log.contains("no connection to the message") } })
                try await ServicesLab.shared.up("rabbitmq")
                let since = Timestamp.now
                #expect(
                    try await onThread {
                        try second.waits { try second.log.components(separatedBy: "connected to the").count > 2 }
                    })
                try await Self.waitForHosts(since: since)
                try await server.delete()
                #expect(try await onThread { try second.waits { try sampled()[Self.wanted[2]] == 1 } })
                // What the witness heard, no more and no less.
                let told = witness.eventTypes(of: server.id)
                #expect(Set(told.keys) == Set(Self.wanted), "\(told)")
                #expect(try await onThread { try second.waits { try sampled() == told } })
                #expect(try await onThread { second.stop() } == 0)
                #expect(try await onThread { try sampled() } == told)
            }
        }

        /// The samples of the meter `instance`, by what nova called the event.
        private static func eventTypes(of server: String, at port: Int) throws -> [String: Int] {
            let samples = try HTTPClient(port: port).send("GET", "/v1/samples?meter=instance&resource_id=\(server)")
            let types = (samples["samples"] as? [[String: Any]] ?? []).compactMap {
                ($0["resource_metadata"] as? [String: Any])?["event_type"] as? String
            }
            return Dictionary(types.map { ($0, 1) }, uniquingKeysWith: +)
        }

        /// Until all of nova's hosts have reported after a time: before that, what they are told is lost.
        private static func waitForHosts(since: Timestamp) async throws {
            var last = ""
            for _ in 0..<600 {
                last = try await ServicesLab.shared.api("GET", "nova", "/v2.1/os-services?binary=nova-compute")
                let services = try JSONValue(parsing: last)["services"]?.array ?? []
                if !services.isEmpty,
                    services.allSatisfy({ $0["updated_at"]?.string ?? "" > since.description })
                {
                    return
                }
                try await Task.sleep(for: .milliseconds(500))
            }
            throw ShellError(command: "wait for nova's hosts", reason: last)
        }

        /// Hears by a queue of its own what nova says on the bus.
        private func withWitness(_ body: (Witness) async throws -> Void) async throws {
            let witness = Witness()
            let queue = BusQueue(
                "witness", bindings: [.init(exchange: "nova", routingKey: "notifications.info")], isOwn: true)
            let consumer = BusConsumer(of: try Rabbit.url(), BusOptions(), [queue])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await consumer.run() }
                group.addTask {
                    while let deliveries = await consumer.next(upTo: 100) {
                        for delivery in deliveries { try witness.hear(delivery.body) }
                        consumer.acknowledge(deliveries)
                    }
                }
                defer { group.cancelAll() }
                try await body(witness)
            }
        }

        private final class Witness: Sendable {
            private let heard = Mutex<[(server: String, type: String)]>([])

            func hear(_ body: [UInt8]) throws {
                let notification = try Notification(
                    message: try JSONValue(parsing: String(decoding: body, as: UTF8.self)))
                guard let server = notification.payload["instance_id"]?.string else { return }
                heard.withLock { $0.append((server, notification.eventType ?? "")) }
            }

            func eventTypes(of server: String) -> [String: Int] {
                let types = heard.withLock { $0.filter { $0.server == server }.map(\.type) }
                return Dictionary(types.filter(wanted.contains).map { ($0, 1) }, uniquingKeysWith: +)
            }
        }
    }
}
