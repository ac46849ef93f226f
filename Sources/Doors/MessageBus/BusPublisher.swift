// SPDX-License-Identifier: Apache-2.0

/// Publishes to a message bus, on a thread and a connection of its own, which is made when it is first needed and kept.
package actor BusPublisher {
    private let executor = BusExecutor(label: "bus.publisher")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var brokers: BrokerList
    private var connection: BrokerConnection?
    /// Queues that the connection has declared.
    private var declared: Set<BusQueue> = []

    package init(to url: BusURL, _ options: BusOptions) { brokers = BrokerList(url, options) }

    /// Returns when the broker has confirmed every message: it is in a queue, on the disk where the queue is durable.
    ///
    /// The exchange, and a queue named like the routing key, are declared before the first message of a connection, as
    /// oslo.messaging's notifier does, so that what nobody takes yet is kept. Messages may have come twice where a
    /// connection broke in between.
    ///
    /// - Throws: what the broker or the connection said; none or some of the messages may have arrived.
    package func publish(_ messages: [BusMessage]) throws(BusError) {
        if messages.isEmpty { return }
        let isKept = connection != nil
        do throws(BusError) {
            try send(messages)
        } catch {
            // A connection that has rested may be gone, and a queue may have been deleted: no failure yet.
            guard isKept, error.isDisconnection || error.reason == .unroutable || error.code == 404 else { throw error }
            try send(messages)
        }
    }

    package func close() {
        connection?.close()
        drop()
    }

    private func send(_ messages: [BusMessage]) throws(BusError) {
        let connection = try connected()
        do throws(BusError) {
            for message in messages {
                let queue = BusQueue(routingKey: message.routingKey, exchanges: [message.exchange])
                if declared.contains(queue) { continue }
                try connection.declare(queue)
                declared.insert(queue)
            }
            try connection.publish(messages)
        } catch {
            // Whatever it was, what comes next begins from a state that is known.
            if error.isDisconnection { brokers.passOn() } else { connection.close() }
            drop()
            throw error
        }
    }

    private func drop() {
        connection = nil
        declared = []
    }

    private func connected() throws(BusError) -> BrokerConnection {
        if let connection { return connection }
        let made = try brokers.connect()
        connection = made
        if made.heartbeat > 0 { keepAlive(every: .seconds(max(1, Double(made.heartbeat) / 3)), made) }
        return made
    }

    /// rabbitmq-c speaks only when it is called, and brokers end what is silent.
    private func keepAlive(every pause: Duration, _ connection: BrokerConnection) {
        let identity = ObjectIdentifier(connection)
        Task { [weak self] in
            repeat {
                try? await Task.sleep(for: pause)  // never cancelled: it ends with the connection
            } while await self?.tick(identity) == true
        }
    }

    /// - Returns: whether the connection is still there.
    private func tick(_ identity: ObjectIdentifier) -> Bool {
        guard let connection, ObjectIdentifier(connection) == identity else { return false }
        do throws(BusError) {
            try connection.keepAlive()
            return true
        } catch {
            // Not told: nothing was to be sent, and the next message makes a new one.
            drop()
            return false
        }
    }
}
