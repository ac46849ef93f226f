// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Glibc

extension BrokerConnection {
    /// Sends messages and returns when the broker has confirmed all of them.
    func publish(_ messages: [BusMessage]) throws(BusError) {
        try confirmMessages()
        for message in messages { try send(message) }
        var open = Set(published - UInt64(messages.count) + 1...published)
        var problem: BusError?
        let action = "publish to \(messages.first?.exchange ?? "") \(messages.first?.routingKey ?? "") at \(place)"
        let deadline = ContinuousClock.now + options.answerLimit
        while !open.isEmpty {
            guard let frame = try nextFrame(by: deadline, action) else {
                throw BusError(
                    reason: .deadline, action: action,
                    message: "no confirmation within \(options.answerLimit.components.seconds) s")
            }
            try take(frame, &open, &problem, action)
        }
        amqp_maybe_release_buffers(state)
        if let problem { throw problem }
    }

    /// Sends and answers heartbeats, and finds out whether the broker has ended the connection.
    func keepAlive() throws(BusError) {
        let action = "keep the connection to \(place)"
        while let frame = try nextFrame(by: .now, action) {
            guard frame.frame_type == UInt8(AMQP_FRAME_METHOD) else { continue }
            let method = frame.payload.method
            if method.id == bus_channel_close || method.id == bus_connection_close { throw exception(method, action) }
        }
        amqp_maybe_release_buffers(state)
    }

    private func send(_ message: BusMessage) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        var properties = message.properties.amqp(arena)
        errno = 0
        let status = message.body.withUnsafeBytes { body in
            amqp_basic_publish(
                state, channel, arena.bytes(message.exchange), arena.bytes(message.routingKey), 1, 0, &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
        }
        guard status == 0 else {
            throw failure(
                status, "publish to \(message.exchange) \(message.routingKey) at \(place)", within: options.answerLimit,
                errno)
        }
        published += 1
    }

    /// nil where none came in time.
    private func nextFrame(
        by deadline: ContinuousClock.Instant, _ action: String
    ) throws(BusError) -> amqp_frame_t? {
        var frame = amqp_frame_t()
        var limit = timeval(max(.zero, ContinuousClock.now.duration(to: deadline)))
        errno = 0
        let status = amqp_simple_wait_frame_noblock(state, &frame, &limit)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
        guard status == 0 else { throw failure(status, action, within: .seconds(heartbeat), errno) }
        return frame
    }

    private func take(
        _ frame: amqp_frame_t, _ open: inout Set<UInt64>, _ problem: inout BusError?, _ action: String
    ) throws(BusError) {
        guard frame.frame_type == UInt8(AMQP_FRAME_METHOD) else { return }
        let method = frame.payload.method
        guard let decoded = method.decoded else { return }
        switch method.id {
        case bus_basic_ack:
            let ack = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            settle(ack.delivery_tag, ack.multiple, &open)
        case bus_basic_nack:
            let nack = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            settle(nack.delivery_tag, nack.multiple, &open)
            problem = BusError(
                reason: .notConfirmed, action: action,
                message: "the broker did not keep it, as for a queue that is full")
        case bus_basic_return:
            let words = decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee
            let key = words.routing_key.text
            problem = BusError(
                reason: .unroutable, action: action,
                message: "no queue takes the routing key \(key.printable) (\(words.reply_code) "
                    + "\(words.reply_text.text.printable))")
            // The message comes back whole.
            var message = amqp_message_t()
            try check(amqp_read_message(state, channel, &message, 0), action)
            amqp_destroy_message(&message)
        case bus_channel_close, bus_connection_close: throw exception(method, action)
        default: break
        }
    }

    private func settle(_ tag: UInt64, _ multiple: amqp_boolean_t, _ open: inout Set<UInt64>) {
        if multiple != 0 { open = open.filter { $0 > tag } } else { open.remove(tag) }
    }
}
