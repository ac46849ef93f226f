// SPDX-License-Identifier: Apache-2.0
import Foundation
import MessageBus
import TestSupport
import Testing

extension RabbitSuites {
    /// The notification service between a real RabbitMQ and a collector: each notification counts once, whatever happens to
    /// either side. That broker and service are killed is tried in `NotificationTests`.
    @Suite(
        .serialized, .timeLimit(.minutes(5)), Nights.areWanted)
    struct NotificationNights {
        private let folder: TemporaryDirectory
        private let name = "night-\(UUID().uuidString.prefix(8))"

        init() async throws {
            try await ServicesLab.shared.up("rabbitmq")
            folder = try TemporaryDirectory()
        }

        private func message(_ number: Int) -> BusMessage {
            BusMessage(
                exchange: "\(name)-exchange", routingKey: "\(name).info", body: CreatedInstance.envelope(name, number))
        }

        private func publish(_ numbers: Range<Int>, _ publisher: BusPublisher) async throws {
            // One by one, as services do: each is a batch of its own, or nearly.
            for number in numbers { try await publisher.publish([message(number)]) }
        }

        private func wait(_ count: Int, _ collector: CollectorProcess) async throws {
            while try await collector.stored("instance").count < count { try await Task.sleep(for: .milliseconds(50)) }
        }

        private func eachIsStoredOnce(_ count: Int, _ collector: CollectorProcess) async throws {
            for meter in ["instance", "memory", "vcpus"] {
                let stored = try await collector.stored(meter)
                #expect(stored.count == count && Set(stored).count == count, "\(meter)")
            }
            #expect(try await Rabbit.waiting(in: "\(name).info") == 0)
        }

        /// The service reaches the broker through what makes trouble; those who tell reach it themselves.
        @Test(arguments: RabbitNights.troubles.indices) func trouble(_ index: Int) async throws {
            let (words, trouble) = RabbitNights.troubles[index]
            let (folder, name) = (folder, name)
            let proxy = try TroubledProxy(to: Rabbit.port)
            defer { proxy.end() }
            let collector = try await onThread {
                try CollectorProcess(RunningNotifications.binary, folder: folder.path)
            }
            defer { collector.signal(SIGKILL) }
            let service = try await onThread {
                try RunningNotifications(
                    in: folder, topic: name, exchanges: "\(name)-exchange", durable: true, collector: collector.port,
                    broker: proxy.port,
                    more: "[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 6\nrabbit_interval_max = 2")
            }
            defer { service.signal(SIGKILL) }
            var durable = BusOptions()
            durable.durable = true
            let publisher = BusPublisher(to: try Rabbit.url(), durable)
            try await publish(0..<10, publisher)
            try await wait(10, collector)
            try proxy.begin(trouble)
            try await publish(10..<20, publisher)
            var faults = 1
            if case .slow = trouble { faults = 0 }
            while try service.lines(with: "no connection to the message bus").count < faults {
                try await Task.sleep(for: .milliseconds(50))
            }
            // In nanoseconds: nothing turns in circles.
            let cpu = try cpuTime(of: service.pid)
            try await Task.sleep(for: .seconds(10))
            #expect(try cpuTime(of: service.pid) - cpu < 2_000_000_000)
            try proxy.begin(.none)
            try await publish(20..<30, publisher)
            try await wait(30, collector)
            await publisher.close()
            #expect(try await onThread { service.stop() } == 0)
            try await eachIsStoredOnce(30, collector)
            let lines = try service.lines(with: "no connection to the message bus")
            #expect(lines.count == faults, "\(lines)")
            let log = try service.log
            #expect(try service.lines(with: " connected to the message bus").count == 1 + faults, "\(log)")
            #expect(!log.contains(ServicesLab.password))
            try NightReport.add(
                "2 rabbitmq n\(index)", "RabbitMQ, of the notification service", words,
                faults == 0
                    ? "samples come later; nothing is said"
                    : "notifications wait in the broker: \(Self.reason(lines.first ?? ""))")
        }

        private static func reason(_ line: String) -> String {
            let error = line.firstRange(of: "error=").map { line[$0.upperBound...] } ?? ""
            return error.isEmpty
                ? "nothing is said" : "`\(error.prefix { $0 != "[" }.trimmingCharacters(in: .whitespaces))`"
        }

        @Test(.enabled(if: SmallDisk.unavailable == nil, "no small disk can be mounted here"))
        func aFullDiskOfTheNotificationServicesSpool() async throws {
            let disk = try SmallDisk(mebibytes: 4)
            let (folder, name) = (folder, name)
            let collector = try await onThread {
                try CollectorProcess(RunningNotifications.binary, folder: folder.path)
            }
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
            func logged(_ words: String) throws -> Int { try service.lines(with: words).count }
            try await publish(0..<10, publisher)
            try await wait(10, collector)
            try proxy.begin(.absent)
            try disk.fill()
            try await publish(10..<20, publisher)
            while try logged("notifications wait in the broker") == 0 { try await Task.sleep(for: .milliseconds(50)) }
            try await publish(20..<30, publisher)
            disk.free()
            while try logged("notifications are taken again") == 0 { try await Task.sleep(for: .milliseconds(50)) }
            try proxy.begin(.none)
            try await wait(30, collector)
            await publisher.close()
            #expect(try await onThread { service.stop() } == 0)
            try await eachIsStoredOnce(30, collector)
            #expect(try logged("notifications wait in the broker") == 1)
            #expect(try logged("notifications are taken again") == 1)
            #expect(try logged("samples can't be spooled") == 1)
            try NightReport.add(
                "6 disk 4", "disk of the notification service's spool, and nobody takes samples", "full",
                "notifications stay in the broker: `samples can't be stored; notifications wait in the broker`")
        }
    }
}
