// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Logging
internal import MessageBus
internal import Synchronization

/// Notifications of a cloud's services off its message bus, for models.
///
/// They come by a queue of this feed's own, so that nobody else gets fewer, and which goes with the connection: after
/// each connection ``FeedNews/connected`` says that something may have been missed.
package struct BusFeed: NotificationFeed {
    /// In one go; the broker has no more than as many again under way.
    private static let batchSize = 200

    private let settings: BusFeedSettings
    private let log: Logger

    package init(_ settings: BusFeedSettings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    package func follow(_ hear: @escaping @Sendable (FeedNews) -> Void) async {
        let mouth = Mouth(hear)
        let consumer = BusConsumer(
            of: settings.url, settings.options, [settings.queue], prefetch: Self.batchSize * 2
        ) { [log, settings] event in
            switch event {
            case .connected(let place):
                log.notice("notifications are heard", metadata: ["broker": "\(place)"])
                mouth.tell(.connected)
            case .disconnected(let error):
                log.error(
                    "no notifications are heard; trying again",
                    metadata: ["bus": "\(settings.url)", "error": "\(error)"])
                mouth.tell(.disconnected("\(error)"))
            }
        }
        async let running: Void = consumer.run()
        await take(from: consumer, mouth)
        await running
    }

    private func take(from consumer: BusConsumer, _ mouth: Mouth) async {
        var unreadable = 0
        while let deliveries = await consumer.next(upTo: Self.batchSize) {
            for delivery in deliveries {
                do {
                    let text = String(decoding: delivery.body, as: UTF8.self)
                    let notification = try Notification(message: try JSONValue(parsing: text))
                    // What came by a connection before this one is older than what the model is built of anew.
                    mouth.tell(.notification(notification)) { consumer.isCurrent(delivery) }
                } catch {
                    unreadable += 1
                    log.log(
                        level: unreadable == 1 ? .warning : .debug, "a notification can't be read; it is left out",
                        metadata: [
                            "exchange": "\(delivery.exchange)", "error": "\(error)", "so far": "\(unreadable)",
                        ])
                }
            }
            consumer.acknowledge(deliveries)
        }
    }
}

/// Tells one thing at a time, from the bus's thread and from the task that takes messages.
private final class Mouth: Sendable {
    private let hear: @Sendable (FeedNews) -> Void
    private let turn = Mutex(())

    init(_ hear: @escaping @Sendable (FeedNews) -> Void) { self.hear = hear }

    func tell(_ news: FeedNews, if holds: () -> Bool = { true }) {
        turn.withLock { _ in
            if holds() { hear(news) }
        }
    }
}
