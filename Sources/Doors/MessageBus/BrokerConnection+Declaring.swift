// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Telemetry

extension BrokerConnection {
    private static let preconditionFailed = 406
    private static let accessRefused = 403

    /// Has a queue, its exchanges, and the bindings between them, as oslo.messaging declares them. What is there in
    /// another form, or may not be made by this user, is used as it is.
    ///
    /// - Returns: the queue's name.
    @discardableResult
    func declare(_ queue: BusQueue) throws(BusError) -> String {
        for exchange in Set(queue.bindings.map(\.exchange)).sorted() where !exchange.isEmpty {
            try orAsItIs { passive throws(BusError) in try declare(exchange: exchange, passive: passive) }
        }
        // The broker may hold one of a connection that broke for a while yet.
        let name = queue.isOwn ? "\(queue.name).\(SampleID())" : queue.name
        if queue.isOwn {
            try declareOwn(name)
        } else {
            try orAsItIs { passive throws(BusError) in try declare(queue: name, passive: passive) }
        }
        // The nameless exchange has each queue by its name already.
        for binding in queue.bindings where !binding.exchange.isEmpty { try bind(name, binding) }
        return name
    }

    /// A queue that goes with this connection, of no more than the broker's memory.
    private func declareOwn(_ name: String) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        _ = amqp_queue_declare(state, channel, arena.bytes(name), 0, 0, 1, 1, amqp_table_t())
        try check(amqp_get_rpc_reply(state), "declare the queue \(name) at \(place)")
    }

    private func orAsItIs(_ declare: (_ passive: Bool) throws(BusError) -> Void) throws(BusError) {
        do throws(BusError) {
            try declare(false)
        } catch {
            guard error.code == Self.preconditionFailed || error.code == Self.accessRefused else { throw error }
            try reopenChannel()
            try declare(true)
        }
    }

    private var isDurable: amqp_boolean_t { options.durable || options.quorum ? 1 : 0 }

    private func declare(exchange: String, passive: Bool) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        _ = amqp_exchange_declare(
            state, channel, arena.bytes(exchange), arena.bytes("topic"), passive ? 1 : 0, options.durable ? 1 : 0,
            options.autoDelete ? 1 : 0, 0, amqp_table_t())
        try check(amqp_get_rpc_reply(state), "\(passive ? "find" : "declare") the exchange \(exchange) at \(place)")
    }

    private func declare(queue: String, passive: Bool) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        var arguments: [(key: String, value: amqp_field_value_t)] = []
        if options.highlyAvailable { arguments.append(("x-ha-policy", arena.value("all"))) }
        if options.quorum {
            arguments.append(("x-queue-type", arena.value("quorum")))
            if options.quorumDeliveryLimit > 0 {
                arguments.append(("x-delivery-limit", arena.value(Int64(options.quorumDeliveryLimit))))
            }
        }
        _ = amqp_queue_declare(
            state, channel, arena.bytes(queue), passive ? 1 : 0, isDurable, 0, options.autoDelete ? 1 : 0,
            arena.table(arguments))
        try check(amqp_get_rpc_reply(state), "\(passive ? "find" : "declare") the queue \(queue) at \(place)")
    }

    private func bind(_ queue: String, _ binding: BusQueue.Binding) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        _ = amqp_queue_bind(
            state, channel, arena.bytes(queue), arena.bytes(binding.exchange), arena.bytes(binding.routingKey),
            amqp_table_t())
        try check(
            amqp_get_rpc_reply(state),
            "bind the queue \(queue) to \(binding.exchange) \(binding.routingKey) at \(place)")
    }
}
