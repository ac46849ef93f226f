// SPDX-License-Identifier: Apache-2.0

/// How a bus is spoken with: what `[oslo_messaging_rabbit]` of oslo.messaging says, and what a bus URL says after its
/// `?`, in the same names.
package struct BusOptions: Sendable, Hashable {
    package enum Failover: String, Sendable, Hashable, CaseIterable {
        /// The hosts in the order of the URL.
        case roundRobin = "round-robin"
        /// In a random order, so that a fleet spreads over a cluster.
        case shuffle
    }

    package enum LoginMethod: String, Sendable, Hashable, CaseIterable {
        case plain = "PLAIN"
        /// Spoken as PLAIN, which every broker that takes this takes too.
        case amqPlain = "AMQPLAIN"
        /// By the certificate that this host shows.
        case external = "EXTERNAL"
    }

    /// False for plain TCP.
    package var isTLS = false
    package var tls = BusTLS()
    package var login = LoginMethod.amqPlain
    /// Seconds after which a side that says nothing counts as gone; 0 for never.
    package var heartbeat = 60
    package var failover = Failover.roundRobin
    /// Before the second try to connect, in seconds, and what is added for each further one, up to the most.
    package var retryInterval = 1
    package var retryBackoff = 2
    package var mostRetryInterval = 30
    /// Whether exchanges and queues outlive a restart of the broker. Messages are kept on its disk either way.
    package var durable = false
    /// Whether they go when nobody uses them any more.
    package var autoDelete = false
    /// Whether queues are replicated ones; they are durable then.
    package var quorum = false
    /// How often a quorum queue hands out a message before it gives it up; 0 for ever.
    package var quorumDeliveryLimit = 0
    /// Whether queues say `x-ha-policy`, for brokers before RabbitMQ 3.0.
    package var highlyAvailable = false
    /// Messages that may be under way to a consumer at a time, of each queue; 0 leaves it to the consumer.
    package var prefetch = 0
    /// How long a connection may take, TLS included, for each host.
    package var connectLimit = Duration.seconds(5)
    /// How long an answer of the broker may take: the log-in, a declaration, a confirmation.
    package var answerLimit = Duration.seconds(30)

    package init() {}

    /// With all that a URL says about them.
    package mutating func take(_ url: BusURL) throws(BusMistake) {
        if url.isTLS { isTLS = true }
        for (name, value) in url.options { try set(name, value) }
    }

    /// Options that count here.
    package static let names: [String] = setters.keys.sorted()

    /// Options of oslo.messaging that have no effect here: what they are for does not arise, or is done anyway.
    package static let withoutEffect: Set<String> = [
        "direct_mandatory_flag", "enable_cancel_on_failover", "heartbeat_in_pthread", "heartbeat_rate",
        "kombu_compression", "kombu_missing_consumer_retry_timeout", "kombu_reconnect_delay",
        "rabbit_quorum_max_memory_bytes", "rabbit_quorum_max_memory_length", "rabbit_quroum_max_memory_bytes",
        "rabbit_quroum_max_memory_length", "rabbit_transient_queues_ttl", "rabbit_transient_quorum_queue",
        "rabbit_stream_fanout", "rpc_conn_pool_size", "rpc_reply_retry_attempts", "ssl_enforce_fips_mode",
        "ssl_enforce_hostname_verification", "ssl_version", "use_queue_manager", "hostname", "processname",
        "conn_pool_min_size",
        "conn_pool_ttl",
    ]

    /// Sets an option by its name in `[oslo_messaging_rabbit]`.
    package mutating func set(_ name: String, _ text: String) throws(BusMistake) {
        if Self.withoutEffect.contains(name) { return }
        guard let setter = Self.setters[name] else {
            throw BusMistake(
                option: name, found: "an option that isn't known",
                allowed: "one of \(Self.names.joined(separator: ", "))")
        }
        do throws(BusMistake) {
            try setter(&self, text)
        } catch {
            throw BusMistake(option: name, found: error.found, allowed: error.allowed)
        }
    }

    private typealias Setter = @Sendable (inout BusOptions, String) throws(BusMistake) -> Void

    private static let setters: [String: Setter] = [
        "ssl": { options, text throws(BusMistake) in options.isTLS = try flag(text) },
        "ssl_ca_file": { options, text in options.tls.caFile = text.isEmpty ? nil : text },
        "ssl_cert_file": { options, text in options.tls.certificateFile = text.isEmpty ? nil : text },
        "ssl_key_file": { options, text in options.tls.keyFile = text.isEmpty ? nil : text },
        "ssl_verify": { options, text throws(BusMistake) in options.tls.verifies = try flag(text) },
        "rabbit_login_method": { options, text throws(BusMistake) in options.login = try word(text) },
        "kombu_failover_strategy": { options, text throws(BusMistake) in options.failover = try word(text) },
        "heartbeat_timeout_threshold": { options, text throws(BusMistake) in
            options.heartbeat = try number(text, 0...3600)
        },
        "rabbit_retry_interval": { options, text throws(BusMistake) in
            options.retryInterval = try number(text, 1...3600)
        },
        "rabbit_retry_backoff": { options, text throws(BusMistake) in
            options.retryBackoff = try number(text, 0...3600)
        },
        "rabbit_interval_max": { options, text throws(BusMistake) in
            options.mostRetryInterval = try number(text, 1...3600)
        },
        "amqp_durable_queues": { options, text throws(BusMistake) in options.durable = try flag(text) },
        "amqp_auto_delete": { options, text throws(BusMistake) in options.autoDelete = try flag(text) },
        "rabbit_quorum_queue": { options, text throws(BusMistake) in options.quorum = try flag(text) },
        "rabbit_quorum_delivery_limit": { options, text throws(BusMistake) in
            options.quorumDeliveryLimit = try number(text, 0...1_000_000)
        },
        "rabbit_ha_queues": { options, text throws(BusMistake) in options.highlyAvailable = try flag(text) },
        "rabbit_qos_prefetch_count": { options, text throws(BusMistake) in
            options.prefetch = try number(text, 0...65_535)
        },
    ]
}

extension BusOptions {
    fileprivate static func flag(_ text: String) throws(BusMistake) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw BusMistake(found: "\"\(text.prefix(40))\"", allowed: "true or false")
        }
    }

    fileprivate static func number(_ text: String, _ range: ClosedRange<Int>) throws(BusMistake) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw BusMistake(
                found: "\"\(text.prefix(40))\"",
                allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    fileprivate static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ text: String
    ) throws(BusMistake) -> Word {
        guard let word = Word(rawValue: text) else {
            throw BusMistake(
                found: "\"\(text.prefix(40))\"",
                allowed: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }
}
