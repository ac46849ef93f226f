// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Glibc

extension BrokerConnection {
    /// Throws what an answer says, unless it is a good one.
    func check(_ reply: amqp_rpc_reply_t, _ action: String) throws(BusError) {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw exception(reply.reply, action)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION:
            throw failure(reply.library_error, action, within: options.answerLimit, errno)
        default: throw BusError(reason: .connection, action: action, message: "the other side closed the connection")
        }
    }

    /// What the broker said when it closed the channel or the connection; a channel may be opened again.
    func exception(_ method: amqp_method_t, _ action: String) -> BusError {
        let code: Int
        let text: String
        switch (method.id, method.decoded) {
        case (bus_channel_close, let decoded?):
            let close = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
            (code, text) = (Int(close.reply_code), close.reply_text.text)
            _ = bus_confirm_channel_close(state, channel)
        case (bus_connection_close, let decoded?):
            let close = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            (code, text) = (Int(close.reply_code), close.reply_text.text)
            // An operator who stops a broker is no refusal.
            if code == 320 {
                return BusError(
                    reason: .connection, action: action, message: "the broker ended the connection: \(text)")
            }
        default: return BusError(reason: .otherProtocol, action: action, message: "an answer that fits no question")
        }
        return BusError(
            reason: .broker(code: code), action: action, message: "the broker says \(code) \(text.printable)")
    }

    func failure(_ status: Int32, _ action: String, within limit: Duration, _ number: Int32) -> BusError {
        func error(_ reason: BusError.Reason, _ message: String) -> BusError {
            BusError(reason: reason, action: action, message: message)
        }
        switch amqp_status_enum(rawValue: status) {
        case AMQP_STATUS_TIMEOUT: return error(.deadline, "no answer within \(limit.components.seconds) s")
        // The library waits for two of them.
        case AMQP_STATUS_HEARTBEAT_TIMEOUT: return error(.deadline, "no heartbeat for \(2 * heartbeat) s")
        case AMQP_STATUS_CONNECTION_CLOSED, AMQP_STATUS_SOCKET_CLOSED:
            return error(
                .connection,
                "the other side closed the connection"
                    + (options.isTLS ? "" : "; a port that wants TLS does so too (ssl=1)"))
        case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED: return error(.connection, "the host's name has no address")
        case AMQP_STATUS_SOCKET_ERROR where number != 0, AMQP_STATUS_TCP_ERROR where number != 0:
            return error(.connection, "\(String(cString: strerror(number))) (errno \(number))")
        case AMQP_STATUS_BAD_AMQP_DATA, AMQP_STATUS_UNKNOWN_CLASS, AMQP_STATUS_UNKNOWN_METHOD,
            AMQP_STATUS_INCOMPATIBLE_AMQP_VERSION, AMQP_STATUS_UNEXPECTED_STATE, AMQP_STATUS_WRONG_METHOD:
            return error(
                .otherProtocol, "what answers there does not speak AMQP 0-9-1 (\(Self.words(status)))")
        case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD:
            return error(.otherProtocol, "the broker does not take the login method \(options.login.rawValue)")
        case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
            return error(.tls, "the broker's certificate is for another name than the URL's")
        case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
            return error(.tls, "the broker's certificate is from no authority that is trusted (ssl_ca_file)")
        case AMQP_STATUS_SSL_CONNECTION_FAILED, AMQP_STATUS_SSL_ERROR:
            return error(
                .tls,
                "no TLS could be agreed on: the port may be one without TLS, the broker's certificate from an authority "
                    + "that is not trusted (ssl_ca_file), or ours refused")
        default: return error(.connection, Self.words(status))
        }
    }

    private static func words(_ status: Int32) -> String { String(cString: amqp_error_string2(status)) }
}

extension timeval {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

extension String {
    /// From outside: cut short, with what would break a line escaped.
    var printable: String { unicodeScalars.prefix(300).map { $0.escaped(asASCII: false) }.joined() }
}
