// SPDX-License-Identifier: Apache-2.0
import Foundation
import MessageBus
import TestSupport
import Testing

/// Notifications from a real RabbitMQ to a real collector.
@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized)
struct NotificationTests {
    private let folder: TemporaryDirectory
    private let key = "test-\(UUID().uuidString.prefix(8))"

    init() async throws {
        folder = try TemporaryDirectory()
        try await ServicesLab.shared.up("rabbitmq")
    }

    private func message(_ number: Int) -> [UInt8] { CreatedInstance.envelope(key, number) }

    /// Notifications that are still in the queue, handed out or not.
    private func waiting() async throws -> Int? {
        let lines = try await Rabbit.control(
            "-p", "openstack", "list_queues", "--no-table-headers", "--silent", "name", "messages")
        let words = lines.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
        return words.first { $0.count == 2 && $0[0] == "\(key).info" }.flatMap { Int($0[1]) }
    }

    private func publish(_ bodies: [[UInt8]], durable: Bool) async throws {
        var options = BusOptions()
        options.durable = durable
        let publisher = BusPublisher(to: try Rabbit.url(), options)
        try await publisher.publish(
            bodies.map { BusMessage(exchange: "\(key)-exchange", routingKey: "\(key).info", body: $0) })
        await publisher.close()
    }

    @Test(.timeLimit(.minutes(15)))
    func eachNotificationCountsOnceHoweverTheBrokerAndTheServiceEnd() async throws {
        let folder = self.folder
        let key = self.key
        let collector = try await onThread { try CollectorProcess(RunningNotifications.binary, folder: folder.path) }
        defer { collector.stop() }
        func start() async throws -> RunningNotifications {
            try await onThread {
                try RunningNotifications(
                    in: folder, topic: key, exchanges: "\(key)-exchange", durable: true, collector: collector.port)
            }
        }
        let first = try await start()
        try await publish((0..<20).map(message), durable: true)
        #expect(try await onThread { first.waits { first.samples.count >= 120 } })
        // The broker goes, with messages for it on the way before and after.
        try await ServicesLab.shared.down("rabbitmq")
        #expect(try await onThread { try first.waits { try first.log.contains("no connection to the message bus") } })
        try await ServicesLab.shared.up("rabbitmq")
        // Some come again that were dealt with.
        try await publish((0..<40).map(message), durable: true)
        #expect(try await onThread { first.waits { first.samples.count >= 240 } })
        // The service is killed while it has messages in hand, and another goes on.
        try await publish((40..<340).map(message), durable: true)
        first.signal(SIGKILL)
        let second = try await start()
        #expect(
            try await onThread {
                try second.waits { try Collected.samples(of: "instance", at: collector.port).count >= 340 }
            })
        #expect(try await onThread { second.stop() } == 0)
        #expect(try await waiting() == 0)
        let port = collector.port
        for meter in ["instance", "memory", "vcpus", "disk.root.size", "disk.ephemeral.size"] {
            #expect(try await onThread { try Collected.samples(of: meter, at: port).count } == 340, "\(meter)")
        }
        // What the first wrote before it was killed may stand in the file again, under the same ids.
        let ids = second.samples.compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["id"] as? String
        }
        #expect(ids.count == second.samples.count)
        #expect(Set(ids).count == 340 * 6)
    }

    @Test(.timeLimit(.minutes(10))) func whatCanNotBeReadIsKeptAsideAndNothingStopsForIt() async throws {
        let folder = self.folder
        let key = self.key
        let service = try await onThread {
            try RunningNotifications(in: folder, topic: key, exchanges: "\(key)-exchange", collector: nil)
        }
        let inner = String(decoding: message(1), as: UTF8.self)
        let nested =
            #"{"oslo.version":"2.0","oslo.message":"\#(inner.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))"}"#
        let large = Array(inner.replacing("cn1", with: String(repeating: "x", count: 10 << 20)).utf8)
        try await publish(
            [Array("hello".utf8), message(1), Array(nested.utf8), Array("{}".utf8), [0xFF, 0xFE], message(2)],
            durable: false)
        #expect(try await onThread { service.waits { service.samples.count >= 12 && service.dead.count >= 4 } })
        #expect(service.dead.count == 4)
        #expect(service.dead[0].contains(#""reason":"byte 0: h; allowed: a JSON value""#), "\(service.dead)")
        #expect(service.events.count == 2)
        try await publish([large, message(3)], durable: false)
        // The large one is good, but has the id of one that came before.
        #expect(try await onThread { service.waits { service.samples.count >= 18 } })
        #expect(try await onThread { service.stop() } == 0)
        #expect(try await waiting() == 0)
        #expect(try service.log.contains("a notification can't be dealt with; it is kept aside"))
        #expect(service.samples.count == 18)
        #expect(try !service.log.contains(ServicesLab.password))
    }

    @Test(.timeLimit(.minutes(10))) func aHangupPutsNewFilesInForceAndBadOnesLeaveThoseBefore() async throws {
        let folder = self.folder
        let key = self.key
        let service = try await onThread {
            try RunningNotifications(in: folder, topic: key, exchanges: "\(key)-exchange", collector: nil)
        }
        @Sendable func lines(_ name: String) -> Int {
            ((try? folder.text(name)) ?? "").split(separator: "\n").count  // not there yet: none
        }
        @Sendable func waits(_ condition: @escaping @Sendable () throws -> Bool) async throws -> Bool {
            try await onThread { try service.waits(for: condition) }
        }
        try await publish([message(1)], durable: false)
        #expect(try await waits { service.samples.count == 6 })
        let other = """
            sources: [{name: memory, meters: [memory], sinks: [other]}]
            sinks: [{name: other, publishers: ["file://\(folder("other.jsonl"))"]}]

            """
        try folder.write(other, to: "pipeline.yaml")
        service.signal(SIGHUP)
        #expect(try await waits { try service.log.contains("configuration reloaded") })
        try await publish([message(2)], durable: false)
        #expect(try await waits { lines("other.jsonl") == 1 })
        try folder.write(other.replacing("meters:", with: "metres:"), to: "pipeline.yaml")
        service.signal(SIGHUP)
        #expect(
            try await waits {
                let log = try service.log
                return log.contains("configuration not reloaded, the one before stays in force")
                    && log.contains("did you mean meters?")
            })
        try await publish([message(3)], durable: false)
        #expect(try await waits { lines("other.jsonl") == 2 })
        #expect(try await onThread { service.stop() } == 0)
        #expect(service.samples.count == 6)
    }
}
