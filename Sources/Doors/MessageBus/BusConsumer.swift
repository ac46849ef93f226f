// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Synchronization

/// Takes messages of queues, on a thread and a connection of its own; where that breaks, it makes a new one, as often as
/// it takes, and messages that were not answered for come again.
///
///     let consumer = BusConsumer(of: url, options, [BusQueue(routingKey: "metering.sample", exchanges: ["ceilometer"])])
///     async let taking: Void = consumer.run()
///     while let deliveries = await consumer.next(upTo: 50) {
///         for delivery in deliveries { … }       // until it is stored
///         consumer.acknowledge(deliveries)       // or reject(delivery, requeue: false): it can never be read
///     }
///     await taking
///
/// `stop()`, or the end of the task of `run()`, ends the loop; what the loop has in hand may still be answered for, and
/// the rest goes back to its queue.
package final class BusConsumer: Sendable {
    /// What an operator wants to know, each told once when it begins.
    package enum Event: Sendable {
        case connected(to: String)
        /// Trying goes on.
        case disconnected(BusError)
    }

    private let url: BusURL
    private let options: BusOptions
    private let queues: [BusQueue]
    private let prefetch: Int
    private let onEvent: @Sendable (Event) -> Void
    private let box = DeliveryBox()

    /// - Parameters:
    ///   - queues: declared at each connection, with their exchanges and bindings.
    ///   - prefetch: messages of each queue that may be under way at a time, not yet answered for; what waits in memory
    ///     is never more. The option `rabbit_qos_prefetch_count` goes before it.
    ///   - onEvent: called on the consumer's thread; must not block.
    package init(
        of url: BusURL, _ options: BusOptions, _ queues: [BusQueue], prefetch: Int = 20,
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.url = url
        self.options = options
        self.queues = queues
        self.prefetch = options.prefetch > 0 ? options.prefetch : prefetch
        self.onEvent = onEvent
    }

    /// Until ``stop()`` or the end of its task, and until what was answered for before is told to the broker.
    package func run() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A queue of its own has a thread of its own as long as this runs.
                DispatchQueue(label: "bus.consumer").async {
                    self.work()
                    continuation.resume()
                }
            }
        } onCancel: {
            stop(patience: .zero)
        }
    }

    /// Messages that wait, the oldest first, at least one; nil at the end. One task at a time may ask.
    package func next(upTo most: Int) async -> [BusDelivery]? { await box.next(upTo: most) }

    /// They are dealt with, and the broker forgets them. Where their connection is gone, they come again.
    package func acknowledge(_ deliveries: [BusDelivery]) {
        box.answer(deliveries.map { .init($0.tag, .acknowledged) })
    }

    /// Whether the connection that it came by is still there.
    package func isCurrent(_ delivery: BusDelivery) -> Bool { box.isCurrent(delivery.tag) }

    /// It is given back to its queue, to come again at once to whoever takes it; or, as it can never be dealt with, to
    /// the queue's dead-letter exchange, and where there is none, to nobody.
    package func reject(_ delivery: BusDelivery, requeue: Bool) {
        box.answer([.init(delivery.tag, requeue ? .requeued : .refused)])
    }

    /// ``next(upTo:)`` gives no more; ``run()`` ends when what it gave is answered for.
    ///
    /// - Parameter patience: for how long ``run()`` waits for those answers at most.
    package func stop(patience: Duration = .seconds(10)) { box.stop(patience: patience) }

    private func work() {
        var brokers = BrokerList(url, options)
        var number = 0
        var pause = ReconnectPause(options)
        var isFailing = false
        while !box.isStopping {
            number += 1
            do throws(BusError) {
                let connection = try brokers.connect()
                var names: [String] = []
                for queue in queues { names.append(try connection.declare(queue)) }
                box.begin(number)
                for name in names { try connection.consume(name, prefetch: prefetch) }
                isFailing = false
                pause.reset()
                onEvent(.connected(to: connection.place))
                try serve(connection, number)
                connection.close()
            } catch {
                box.begin(nil)
                if !isFailing { onEvent(.disconnected(error)) }
                isFailing = true
                brokers.passOn()
                box.wait(for: pause.next())
            }
        }
        box.finish()
    }

    private func serve(_ connection: BrokerConnection, _ number: Int) throws(BusError) {
        let rest = connection.heartbeat > 0 ? Duration.seconds(max(1, Double(connection.heartbeat) / 3)) : .seconds(60)
        while true {
            // Asked first: what was answered before is told yet.
            let isEnding = box.isEnding
            for answer in box.takeAnswers() {
                switch answer.outcome {
                case .acknowledged: try connection.acknowledge(answer.tag.number)
                case .requeued: try connection.reject(answer.tag.number, requeue: true)
                case .refused: try connection.reject(answer.tag.number, requeue: false)
                }
            }
            if isEnding { return }
            if box.isStopping {
                // What else came goes back to its queue.
                box.wait(for: .milliseconds(200))
                continue
            }
            // A few at a time: answers must not wait for the end of a flood.
            var taken = 0
            while taken < 100, let delivery = try connection.nextDelivery(number) {
                box.put(delivery)
                taken += 1
            }
            if taken < 100 { box.wait(for: rest, or: connection.descriptor) }
        }
    }
}
