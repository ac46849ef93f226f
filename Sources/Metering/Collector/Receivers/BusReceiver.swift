// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import MessageBus
internal import Wire

/// Takes metering messages off a message bus: what Ceilometer's notifier publisher sends (`metering.sample`), and what
/// its polling agents send (`notifications.sample`).
///
/// A message is acknowledged once its samples are on the disk. Where the collector ends before, or its connection
/// breaks, the broker hands it out again, to this collector or to another one at the same queue.
struct BusReceiver: Sendable {
    /// Messages that are stored together.
    private static let mostAtOnce = 20

    private let consumer: BusConsumer
    private let intake: MessageIntake

    /// `rabbit://mq1:5672,mq2:5672/openstack`
    let address: String

    init(_ bus: CollectorBus, _ intake: MessageIntake, log: Logger) {
        self.intake = intake
        address = "\(bus.url)"
        let queues = bus.topics.map { BusQueue(routingKey: "\($0).sample", exchanges: [bus.exchange]) }
        consumer = BusConsumer(of: bus.url, bus.options, queues) { [address] event in
            switch event {
            case .connected(let place):
                log.notice("taking samples off the message bus", metadata: ["bus": "\(address)", "broker": "\(place)"])
            case .disconnected(let error):
                log.error(
                    "no samples come off the message bus; trying again",
                    metadata: ["bus": "\(address)", "error": "\(error)"])
            }
        }
    }

    /// Until ``close()``, and until what came before is stored.
    func run() async {
        async let connected: Void = consumer.run()
        while let deliveries = await consumer.next(upTo: Self.mostAtOnce) { await take(deliveries) }
        await connected
    }

    func close() { consumer.stop() }

    private func take(_ deliveries: [BusDelivery]) async {
        let window = intake.admission.window()
        var reading = Reading()
        var good: [BusDelivery] = []
        for delivery in deliveries {
            do throws(Refusal) {
                let found = try read(delivery, window)
                reading.arrivals += found.arrivals
                reading.refusals += found.refusals
                good.append(delivery)
            } catch {
                // Whole, to the queue's dead-letter exchange, if it has one.
                consumer.reject(delivery, requeue: false)
                intake.refuse(error.reason, error.detail, from: delivery.sender)
            }
        }
        guard let receipt = await intake.stored(reading.arrivals) else { return }
        consumer.acknowledge(good)
        intake.count(reading, receipt)
    }

    /// - Throws: where nothing of the message is taken.
    private func read(_ delivery: BusDelivery, _ window: Window) throws(Refusal) -> Reading {
        let messages: [WireValue]
        do throws(WireError) {
            let notification = try OsloNotification(body: delivery.body)
            switch notification.payload["samples"] ?? notification.payload {
            case .array(let array): messages = array
            default:
                throw WireError(
                    "payload", found: notification.payload.shown, allowed: "a list of samples, or samples with one")
            }
        } catch {
            throw Refusal(0, .malformed, "\(error)")
        }
        var reading = Reading()
        for (index, message) in messages.enumerated() {
            do throws(Refusal) {
                reading.arrivals.append(try intake.admission.arrival(message, index: index, window))
            } catch {
                reading.refusals.append(error)
            }
        }
        if reading.arrivals.isEmpty, let first = reading.refusals.first {
            // All but the first, which is counted as the message's.
            for refusal in reading.refusals.dropFirst() {
                intake.refuse(refusal.reason, refusal.detail, from: delivery.sender)
            }
            throw first
        }
        for refusal in reading.refusals { intake.tell(refusal, from: delivery.sender) }
        return reading
    }
}

extension BusDelivery {
    /// For the log.
    fileprivate var sender: String { "\(exchange.prefix(100)) \(routingKey.prefix(100))" }
}
