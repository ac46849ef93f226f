// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import MessageBus
import Synchronization
import TestSupport
import Testing

/// Suites that share the lab's RabbitMQ, one after the other, as some of them stop it.
@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized)
enum RabbitSuites {}

extension RabbitSuites {
    /// The door to the bus, at a real RabbitMQ.
    @Suite(.serialized) struct MessageBusTests {
        init() async throws { try await ServicesLab.shared.up("rabbitmq") }

        @Test(.timeLimit(.minutes(5))) func whatIsPublishedBeforeAnybodyListensIsTakenLater() async throws {
            let key = Rabbit.newKey()
            let publisher = BusPublisher(to: try Rabbit.url(), BusOptions())
            try await publisher.publish(
                (0..<250).map { number in
                    var properties = BusProperties()
                    properties.messageID = "id-\(number)"
                    properties.headers = [.init("number", .integer(Int128(number))), .init("word", .string("é"))]
                    return BusMessage(
                        exchange: "ceilometer", routingKey: key, properties: properties,
                        body: Array("body \(number)".utf8))
                })
            await publisher.close()
            let consumer = BusConsumer(
                of: try Rabbit.url(), BusOptions(), [BusQueue(routingKey: key, exchanges: ["ceilometer"])], prefetch: 7)
            async let taking: Void = consumer.run()
            var taken: [BusDelivery] = []
            while taken.count < 250, let deliveries = await consumer.next(upTo: 5) {
                #expect((1...5).contains(deliveries.count))
                taken += deliveries
                consumer.acknowledge(deliveries)
            }
            consumer.stop()
            await taking
            #expect(taken.map { String(decoding: $0.body, as: UTF8.self) } == (0..<250).map { "body \($0)" })
            let first = try #require(taken.first)
            #expect(first.exchange == "ceilometer")
            #expect(first.routingKey == key)
            #expect(!first.redelivered)
            #expect(first.properties.messageID == "id-0")
            #expect(first.properties.headers == [.init("number", .integer(0)), .init("word", .string("é"))])
            #expect(first.properties.contentType == "application/json")
            #expect(first.properties.contentEncoding == "utf-8")
            #expect(first.properties.deliveryMode == 2)
            #expect(first.properties.priority == 0)
            #expect(try await Rabbit.waiting(in: key) == 0)
        }

        @Test(.timeLimit(.minutes(5))) func whatIsNotAnsweredForComesAgainAndWhatIsRefusedDoesNot() async throws {
            let key = Rabbit.newKey()
            let publisher = BusPublisher(to: try Rabbit.url(), BusOptions())
            for number in 0..<3 {
                try await publisher.publish([
                    BusMessage(exchange: "ceilometer", routingKey: key, body: Array("\(number)".utf8))
                ])
            }
            await publisher.close()
            func take(_ count: Int, _ body: (BusConsumer, BusDelivery) -> Void) async throws -> [String] {
                let consumer = BusConsumer(
                    of: try Rabbit.url(), BusOptions(), [BusQueue(routingKey: key, exchanges: ["ceilometer"])])
                async let taking: Void = consumer.run()
                var texts: [String] = []
                while texts.count < count, let deliveries = await consumer.next(upTo: 1) {
                    for delivery in deliveries {
                        texts.append(
                            String(decoding: delivery.body, as: UTF8.self) + (delivery.redelivered ? " again" : ""))
                        body(consumer, delivery)
                    }
                }
                consumer.stop(patience: .zero)
                await taking
                return texts
            }
            // The first is refused for good, the second answered for, the third forgotten.
            let first = try await take(3) { consumer, delivery in
                switch delivery.body {
                case Array("0".utf8): consumer.reject(delivery, requeue: false)
                case Array("1".utf8): consumer.acknowledge([delivery])
                default: break
                }
            }
            #expect(first == ["0", "1", "2"])
            #expect(try await Rabbit.waiting(in: key) == 1)
            let requeued = Mutex(false)
            let second = try await take(2) { consumer, delivery in
                if requeued.withLock({ was in
                    defer { was = true }; return was
                }) {
                    consumer.acknowledge([delivery])
                } else {
                    consumer.reject(delivery, requeue: true)
                }
            }
            #expect(second == ["2 again", "2 again"])
            #expect(try await Rabbit.waiting(in: key) == 0)
        }

        @Test(.timeLimit(.minutes(5))) func aQueueThatIsThereInAnotherFormIsUsedAsItIs() async throws {
            let key = Rabbit.newKey()
            var durable = BusOptions()
            durable.durable = true
            // The exchange ceilometer is there and not durable.
            let first = BusPublisher(to: try Rabbit.url(), BusOptions())
            try await first.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [1])])
            let second = BusPublisher(to: try Rabbit.url(), durable)
            try await second.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [2])])
            await first.close()
            await second.close()
            #expect(try await Rabbit.waiting(in: key) == 2)
        }

        @Test(.timeLimit(.minutes(5))) func aQueueThatWasDeletedIsMadeAgain() async throws {
            let key = Rabbit.newKey()
            let publisher = BusPublisher(to: try Rabbit.url(), BusOptions())
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [1])])
            try await Rabbit.control("delete_queue", "-p", "openstack", key)
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [2])])
            await publisher.close()
            #expect(try await Rabbit.waiting(in: key) == 1)
        }

        @Test(.timeLimit(.minutes(10))) func goesOnAfterTheBrokerWasStoppedAndStarted() async throws {
            let key = Rabbit.newKey()
            var options = BusOptions()
            options.durable = true
            let exchange = "durable-\(key)"
            let publisher = BusPublisher(to: try Rabbit.url(), options)
            let events = Mutex<[String]>([])
            let consumer = BusConsumer(
                of: try Rabbit.url(), options, [BusQueue(routingKey: key, exchanges: [exchange])]
            ) { event in
                switch event {
                case .connected: events.withLock { $0.append("connected") }
                case .disconnected: events.withLock { $0.append("disconnected") }
                }
            }
            async let taking: Void = consumer.run()
            try await publisher.publish([BusMessage(exchange: exchange, routingKey: key, body: [1])])
            let early = try #require(await consumer.next(upTo: 1))
            #expect(early.map(\.body) == [[1]])
            try await ServicesLab.shared.down("rabbitmq")
            await #expect(throws: BusError.self) {
                try await publisher.publish([BusMessage(exchange: exchange, routingKey: key, body: [2])])
            }
            try await ServicesLab.shared.up("rabbitmq")
            // Its connection is gone: this means nothing, and must do no harm.
            consumer.acknowledge(early)
            while true {
                do {
                    try await publisher.publish([BusMessage(exchange: exchange, routingKey: key, body: [3])])
                    break
                } catch {
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            var bodies: [[UInt8]] = []
            while bodies.count < 2, let deliveries = await consumer.next(upTo: 10) {
                bodies += deliveries.map(\.body)
                consumer.acknowledge(deliveries)
            }
            consumer.stop()
            await taking
            await publisher.close()
            #expect(bodies == [[1], [3]])
            #expect(events.withLock { $0 } == ["connected", "disconnected", "connected"])
        }

        @Test(.timeLimit(.minutes(5))) func anIdleConnectionIsKept() async throws {
            let key = Rabbit.newKey()
            let publisher = BusPublisher(
                to: try Rabbit.url("?heartbeat_timeout_threshold=1"), try Rabbit.options(heartbeat: 1))
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [1])])
            let ours = try await Rabbit.connections(heartbeat: 1)
            #expect(ours.count == 1)
            // A broker ends a connection that was silent for two or three of its heartbeats.
            try await Task.sleep(for: .seconds(6))
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [2])])
            #expect(try await Rabbit.connections(heartbeat: 1) == ours)
            await publisher.close()
        }

        @Test(.timeLimit(.minutes(5))) func goesToTheNextHostWhereOneIsAway() async throws {
            let key = Rabbit.newKey()
            let url = try BusURL(
                "rabbit://x:y@127.0.0.1:1,openstack:\(ServicesLab.password)@127.0.0.1:\(Rabbit.port)/openstack")
            let publisher = BusPublisher(to: url, BusOptions())
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: key, body: [1])])
            await publisher.close()
            #expect(try await Rabbit.waiting(in: key) == 1)
        }

        @Test(
            .timeLimit(.minutes(5)),
            arguments: [
                (
                    "rabbit://openstack:wrong-s3cret@127.0.0.1:PORT/openstack",
                    "could not log in at 127.0.0.1:PORT as openstack, virtual host openstack: the broker says 403 ACCESS_REFUSED"
                ),
                (
                    "rabbit://openstack:oslab-secret@127.0.0.1:PORT/nowhere",
                    "could not log in at 127.0.0.1:PORT as openstack, virtual host nowhere: the broker says 530 NOT_ALLOWED"
                ),
                (
                    "rabbit://openstack:oslab-secret@127.0.0.1:PORT/openstack?ssl=1",
                    "could not connect to 127.0.0.1:PORT with TLS: no TLS could be agreed on"
                ),
            ])
        func saysWhyTheBrokerDoesNotTakeUs(_ text: String, _ expected: String) async throws {
            let url = try BusURL(text.replacing("PORT", with: "\(Rabbit.port)"))
            var options = BusOptions()
            try options.take(url)
            let publisher = BusPublisher(to: url, options)
            let error = try await #require(throws: BusError.self) {
                try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: "k", body: [1])])
            }
            #expect("\(error)".hasPrefix(expected.replacing("PORT", with: "\(Rabbit.port)")), "\(error)")
            #expect(!"\(error)".contains("s3cret"))
            #expect(!"\(error)".contains("\n"))
        }
    }
}
