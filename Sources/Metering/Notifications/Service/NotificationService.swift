// SPDX-License-Identifier: Apache-2.0
package import Daemon
package import Logging
internal import MessageBus
internal import ServiceLifecycle
package import Settings
internal import Telemetry

/// The notification service at work: takes what services announce off their buses until it is told to end. SIGHUP reads
/// the configuration again.
package struct NotificationService: Service {
    private let loader: NotificationSetupLoader
    private let desk: NotificationDesk
    private let heartbeat: Heartbeat
    private let notifier: SystemdNotifier
    private let log: Logger

    /// - Throws: where the spool can't be opened or a publisher not be made.
    package init(
        setup: NotificationSetup, loader: NotificationSetupLoader, heartbeat: Heartbeat, notifier: SystemdNotifier,
        log: Logger
    ) async throws(Mistakes) {
        self.loader = loader
        self.heartbeat = heartbeat
        self.notifier = notifier
        self.log = log
        desk = try await NotificationDesk(setup, log: log)
    }

    /// How often the service tells what it did, by the setup in force.
    package var reportInterval: Duration { get async { await desk.setup.reportInterval } }

    package func run() async throws {
        await desk.begin()
        let sources = await desk.setup.sources
        let consumers = sources.buses.flatMap { bus in
            (0..<sources.workers).map { _ in consumer(of: bus, sources) }
        }
        let limit = await desk.setup.shutdownTimeout / 2
        await withTaskGroup(of: Void.self) { group in
            for (index, consumer) in consumers.enumerated() {
                group.addTask { await consumer.run() }
                group.addTask { await take(from: consumer, name: "bus \(index)", sources.batchSize) }
            }
            let reloading = Task { await reloadOnHangup() }
            notifier.ready(status: Self.status(sources))
            let ending = Task {
                guard (try? await gracefulShutdown()) != nil else { return }  // else cancelled: all has ended
                notifier.stopping()
                await desk.end()
                for consumer in consumers { consumer.stop(patience: limit) }
            }
            await group.waitForAll()
            ending.cancel()
            reloading.cancel()
        }
        await desk.drain()
    }

    private static func status(_ sources: NotificationSetup.Sources) -> String {
        let buses = sources.buses.map(\.description).joined(separator: " ")
        return "listening to \(buses), \(sources.queues.count) queues each"
    }

    private func consumer(of bus: BusURL, _ sources: NotificationSetup.Sources) -> BusConsumer {
        var options = sources.options
        try? options.take(bus)  // was checked when the configuration was read
        return BusConsumer(of: bus, options, sources.queues, prefetch: max(100, sources.batchSize)) { [log] event in
            switch event {
            case .connected(let place):
                log.notice("connected to the message bus", metadata: ["bus": "\(bus)", "broker": "\(place)"])
            case .disconnected(let error):
                log.error(
                    "no connection to the message bus; trying again",
                    metadata: ["bus": "\(bus)", "error": "\(error)"])
            }
        }
    }

    private func take(from consumer: BusConsumer, name: String, _ batchSize: Int) async {
        defer { heartbeat.forget(name) }
        while let deliveries = await consumer.next(upTo: batchSize) {
            // A batch may wait for a disk or a receiver, but not for ever.
            heartbeat.expect(name, by: .now + .seconds(3600))
            let letters = deliveries.map { NotificationDesk.Letter(queue: $0.routingKey, body: $0.body) }
            if await desk.deal(with: letters) {
                consumer.acknowledge(deliveries)
            } else {
                for delivery in deliveries { consumer.reject(delivery, requeue: true) }
            }
            heartbeat.forget(name)
            let pause = await desk.setup.batchTimeout
            guard pause > .zero, deliveries.count < batchSize else { continue }
            // Lets some gather; ends early at an end.
            let sleep = Task { try? await Task.sleep(for: pause, clock: .suspending) }
            await withTaskCancellationOrGracefulShutdownHandler {
                _ = await sleep.value
            } onCancelOrGracefulShutdown: {
                sleep.cancel()
            }
        }
    }

    private func reloadOnHangup() async {
        let reload = HangupReload(notifier: notifier, log: log)
        await reload.run(status: { Self.status(await desk.setup.sources) }) { () async throws(Mistakes) in
            let setup = try await offPool { [loader] () throws(Mistakes) in try loader.load() }
            try await desk.take(setup)
        }
    }
}
