// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Glibc

/// One connection to one broker, with one channel. It belongs to one thread, which it blocks, within the limits of its
/// options; only finding a host's addresses takes as long as the system's resolver does.
final class BrokerConnection {
    let options: BusOptions
    /// `mq1:5672`
    let place: String
    let state: OpaquePointer
    let channel: amqp_channel_t = 1
    private let virtualHost: String
    /// The last number that the broker gave a message of ours.
    var published: UInt64 = 0
    private(set) var confirms = false

    init(to host: BusURL.Host, _ virtualHost: String, _ options: BusOptions) throws(BusError) {
        self.options = options
        self.virtualHost = virtualHost
        let port = host.port ?? (options.isTLS ? 5671 : 5672)
        place = "\(host.name.contains(":") ? "[\(host.name)]" : host.name):\(port)"
        guard let state = amqp_new_connection() else {
            throw BusError(reason: .connection, action: "connect to \(place)", message: "there is no memory for it")
        }
        self.state = state
        try open(host, port)
        try logIn(host)
        _ = amqp_channel_open(state, channel)
        try check(amqp_get_rpc_reply(state), "open a channel at \(place)")
    }

    deinit {
        // So that nothing waits for a last word of the other side.
        if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
        amqp_destroy_connection(state)
    }

    /// Says good-bye, so that the broker doesn't log a broken connection.
    func close() {
        var limit = timeval(.seconds(2))
        amqp_set_rpc_timeout(state, &limit)
        _ = amqp_connection_close(state, Int32(AMQP_REPLY_SUCCESS))  // where that fails it is closed all the same
    }

    private func open(_ host: BusURL.Host, _ port: Int) throws(BusError) {
        let action = "connect to \(place)\(options.isTLS ? " with TLS" : "")"
        let socket = try options.isTLS ? options.tls.socket(of: state, action) : amqp_tcp_socket_new(state)
        guard let socket else { throw BusError(reason: .connection, action: action, message: "no memory") }
        var limit = timeval(options.connectLimit)
        let begin = ContinuousClock.now
        var status = amqp_socket_open_noblock(socket, host.name, Int32(port), &limit)
        // Of a handshake that had no time left rabbitmq-c says no more than that it failed.
        if status == AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue, .now - begin >= options.connectLimit {
            status = AMQP_STATUS_TIMEOUT.rawValue
        }
        guard status == 0 else {
            let isOfSocket = status == AMQP_STATUS_SOCKET_ERROR.rawValue
            let number = isOfSocket ? Reachability.obstacle(to: host.name, port: port) : nil
            throw failure(status, action, within: options.connectLimit, number ?? 0)
        }
        setOptions()
    }

    private func setOptions() {
        let socket = descriptor
        var wait = UInt32(clamping: options.answerLimit.components.seconds * 1000)
        var yes: Int32 = 1
        // A broker that takes nothing more ends the connection rather than block us.
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &wait, socklen_t(MemoryLayout.size(ofValue: wait)))
        setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, socklen_t(MemoryLayout.size(ofValue: yes)))
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        var limit = timeval(options.answerLimit)
        amqp_set_handshake_timeout(state, &limit)
        amqp_set_rpc_timeout(state, &limit)
    }

    private func logIn(_ host: BusURL.Host) throws(BusError) {
        let arena = ByteArena()
        defer { arena.free() }
        let capabilities = [
            "authentication_failure_close", "consumer_cancel_notify", "publisher_confirms", "basic.nack",
        ]
        var table = amqp_field_value_t()
        table.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
        table.value.table = arena.table(
            capabilities.map { name in
                var yes = amqp_field_value_t()
                yes.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
                yes.value.boolean = 1
                return (name, yes)
            })
        var properties = arena.table([
            ("product", arena.value("Hypsometer")), ("connection_name", arena.value(Self.connectionName)),
            ("capabilities", table),
        ])
        let reply =
            switch options.login {
            case .plain, .amqPlain:
                bus_login_plain(
                    state, virtualHost, Int32(options.heartbeat), &properties, host.user, host.password)
            case .external: bus_login_external(state, virtualHost, Int32(options.heartbeat), &properties, host.user)
            }
        try check(reply, "log in at \(place) as \(host.user), virtual host \(virtualHost)")
    }

    /// What brokers show in their lists of connections.
    private static let connectionName =
        "\(CommandLine.arguments.first?.split(separator: "/").last ?? "hypsometer"):\(getpid())"

    /// Seconds between heartbeats that both sides agreed on; 0 for none.
    var heartbeat: Int { Int(amqp_get_heartbeat(state)) }

    /// To wait for what comes; -1 once rabbitmq-c has closed it, when its number may be another's.
    var descriptor: Int32 { amqp_get_sockfd(state) }

    func confirmMessages() throws(BusError) {
        if confirms { return }
        _ = amqp_confirm_select(state, channel)
        try check(amqp_get_rpc_reply(state), "ask \(place) for confirmations")
        confirms = true
    }

    /// After an exception of the broker the channel is gone, the connection isn't.
    func reopenChannel() throws(BusError) {
        confirms = false
        published = 0
        _ = amqp_channel_open(state, channel)
        try check(amqp_get_rpc_reply(state), "open a channel at \(place)")
    }
}
