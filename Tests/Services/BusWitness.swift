// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import MessageBus
import Synchronization
import Telemetry
import Testing

/// Hears by a queue of its own what a service says on the bus, beside what is tried.
final class BusWitness: Sendable {
    struct Heard: Sendable {
        var notification: ClusterModel.Notification
        /// When it came off the bus.
        var time: Timestamp
    }

    private let heard = Mutex<[Heard]>([])

    /// The first came first.
    var all: [Heard] { heard.withLock { $0 } }

    /// Runs `body` while a witness listens, which it does before the body begins.
    static func listening<Value>(
        to exchange: String, _ routingKey: String, _ body: (BusWitness) async throws -> Value
    ) async throws -> Value {
        let witness = BusWitness()
        let queue = BusQueue("witness", bindings: [.init(exchange: exchange, routingKey: routingKey)], isOwn: true)
        let (events, news) = AsyncStream.makeStream(of: BusConsumer.Event.self)
        let consumer = BusConsumer(of: try Rabbit.url(), BusOptions(), [queue]) { news.yield($0) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await consumer.run() }
            group.addTask { try await witness.hear(from: consumer) }
            defer { group.cancelAll() }
            for await case .connected in events { break }
            return try await body(witness)
        }
    }

    private func hear(from consumer: BusConsumer) async throws {
        while let deliveries = await consumer.next(upTo: 100) {
            let time = Timestamp.now
            for delivery in deliveries {
                let text = String(decoding: delivery.body, as: UTF8.self)
                let notification = try ClusterModel.Notification(message: try JSONValue(parsing: text))
                heard.withLock { $0.append(Heard(notification: notification, time: time)) }
            }
            consumer.acknowledge(deliveries)
        }
    }
}

extension ClusterModel.Notification {
    /// When its sender made it.
    var sent: Timestamp {
        get throws { try #require(Timestamp(parsing: (metadata["timestamp"]?.string ?? "").utf8), "\(metadata)") }
    }
}
