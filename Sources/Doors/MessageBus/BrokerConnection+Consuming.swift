// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Glibc

extension BrokerConnection {
    /// Begins to take messages of a queue, so many at a time.
    func consume(_ queue: String, prefetch: Int) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        _ = amqp_basic_qos(state, channel, 0, UInt16(clamping: prefetch), 0)
        try check(amqp_get_rpc_reply(state), "ask \(place) for \(prefetch) messages at a time")
        _ = amqp_basic_consume(
            state, channel, arena.bytes(queue), arena.bytes(""), 0, 0, 0, amqp_table_t())
        try check(amqp_get_rpc_reply(state), "take messages of the queue \(queue) at \(place)")
    }

    /// A message that is there already; nil where there is none.
    ///
    /// - Parameter number: of this connection.
    func nextDelivery(_ number: Int) throws(BusError) -> BusDelivery? {
        amqp_maybe_release_buffers(state)
        var envelope = amqp_envelope_t()
        var limit = timeval()
        let action = "take messages at \(place)"
        errno = 0
        let reply = amqp_consume_message(state, &envelope, &limit, 0)
        if reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION {
            if reply.library_error == AMQP_STATUS_TIMEOUT.rawValue { return nil }
            if reply.library_error == AMQP_STATUS_UNEXPECTED_STATE.rawValue {
                try takeOther(action)
                return nil
            }
        }
        try check(reply, action)
        defer { amqp_destroy_envelope(&envelope) }
        return BusDelivery(
            tag: .init(connection: number, number: envelope.delivery_tag), exchange: envelope.exchange.text,
            routingKey: envelope.routing_key.text, redelivered: envelope.redelivered != 0,
            properties: BusProperties(envelope.message.properties), body: envelope.message.body.array)
    }

    /// A frame that is no message.
    private func takeOther(_ action: String) throws(BusError) {
        var frame = amqp_frame_t()
        var limit = timeval(options.answerLimit)
        let status = amqp_simple_wait_frame_noblock(state, &frame, &limit)
        guard status == 0 else { throw failure(status, action, within: options.answerLimit, errno) }
        guard frame.frame_type == UInt8(AMQP_FRAME_METHOD) else { return }
        switch frame.payload.method.id {
        case bus_channel_close, bus_connection_close: throw exception(frame.payload.method, action)
        case bus_basic_cancel:
            throw BusError(
                reason: .cancelled, action: action, message: "the broker has ended it, as for a queue that was deleted")
        default: return
        }
    }

    func acknowledge(_ number: UInt64) throws(BusError) {
        try settled(amqp_basic_ack(state, channel, number, 0))
    }

    func reject(_ number: UInt64, requeue: Bool) throws(BusError) {
        try settled(amqp_basic_reject(state, channel, number, requeue ? 1 : 0))
    }

    private func settled(_ status: Int32) throws(BusError) {
        guard status == 0 else {
            throw failure(status, "answer for a message at \(place)", within: options.answerLimit, errno)
        }
    }
}
