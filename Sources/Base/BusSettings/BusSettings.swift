// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// The settings of oslo.messaging that count here, under the names that operators know.
enum BusSettings {
    private static let rabbit = "oslo_messaging_rabbit"

    static let url = Setting(
        "transport_url", in: "DEFAULT", default: "",
        help: "The message bus, RabbitMQ, as in OpenStack's services: rabbit://user:password@host:5672/vhost, with "
            + "several user:password@host:port and commas between them for a cluster. Options of [oslo_messaging_rabbit] "
            + "may stand after a ?, as in ?ssl=1. It is not looked at where nothing goes to the bus or comes from it.",
        allowed: "a URL, or nothing", isSecret: true)

    static let urlFile = Setting(
        "transport_url_file", in: "DEFAULT", default: "",
        help: "A file whose first line is that URL, such as a systemd credential. Empty: transport_url holds.",
        allowed: "a path, or nothing")

    static let controlExchange = Setting(
        "control_exchange", in: "DEFAULT", default: "ceilometer",
        help: "The exchange of the bus that samples go to and come from.", allowed: "a name", check: { !$0.isEmpty })

    static let notificationsURL = Setting(
        "transport_url", in: "oslo_messaging_notifications", default: "",
        help: "The bus for samples where it is another than [DEFAULT] transport_url.", allowed: "a URL, or nothing",
        isSecret: true)

    static let topics = Setting(
        "topics", in: "oslo_messaging_notifications", default: ["notifications"],
        help: "The topics that samples go to, and come from, in the form that Ceilometer's polling agents send: queues "
            + "bear a topic's name and .sample.")

    static let options = [
        AnySetting(Setting("ssl", in: rabbit, default: false, help: "Speak TLS with the broker, from version 1.2 on.")),
        path(
            "ssl_ca_file",
            "A PEM file with the authorities that the broker's certificate must come from. Empty: those "
                + "that this host trusts."),
        path("ssl_cert_file", "A PEM file with the certificate that this host shows. Empty: none."),
        path("ssl_key_file", "A PEM file with that certificate's private key. Empty: ssl_cert_file has it too."),
        AnySetting(
            Setting(
                "ssl_verify", in: rabbit, default: true,
                help: "Check the broker's certificate, and the host's name in it.")),
        AnySetting(
            Setting(
                "rabbit_login_method", in: rabbit, default: "AMQPLAIN", oneOf: ["PLAIN", "AMQPLAIN", "EXTERNAL"],
                help: "How we tell who we are: by the URL's user and password, or, EXTERNAL, by ssl_cert_file.")),
        AnySetting(
            Setting(
                "kombu_failover_strategy", in: rabbit, default: "round-robin", oneOf: ["round-robin", "shuffle"],
                help: "In which order the URL's hosts are tried; shuffle spreads a fleet over a cluster.")),
        AnySetting(
            Setting(
                "heartbeat_timeout_threshold", in: rabbit, default: 60, 0...3600,
                help: "Seconds after which a broker that says nothing counts as gone. 0: never.")),
        AnySetting(
            Setting(
                "rabbit_retry_interval", in: rabbit, default: 1, 1...3600,
                help: "Seconds before a receiver tries again to connect; up to half of it less, by chance.")),
        AnySetting(
            Setting(
                "rabbit_retry_backoff", in: rabbit, default: 2, 0...3600,
                help: "Seconds that are added for each further try.")),
        AnySetting(
            Setting(
                "rabbit_interval_max", in: rabbit, default: 30, 1...3600, help: "The most seconds between tries.")),
        AnySetting(
            Setting(
                "amqp_durable_queues", in: rabbit, default: false,
                help: "Queues and exchanges outlive a restart of the broker, with what is in them. All who use a queue "
                    + "say the same; one that is there in another form is used as it is.")),
        AnySetting(
            Setting(
                "amqp_auto_delete", in: rabbit, default: false, help: "Queues go when nobody takes from them any more.")
        ),
        AnySetting(
            Setting(
                "rabbit_quorum_queue", in: rabbit, default: false, help: "Queues are quorum queues, which are durable.")
        ),
        AnySetting(
            Setting(
                "rabbit_quorum_delivery_limit", in: rabbit, default: 0, 0...1_000_000,
                help: "How often a quorum queue hands out a message before it gives it up. 0: RabbitMQ's own limit.")),
        AnySetting(
            Setting(
                "rabbit_ha_queues", in: rabbit, default: false,
                help: "Queues are mirrored, for RabbitMQ before 3.0; later ones have policies for it.")),
        AnySetting(
            Setting(
                "rabbit_qos_prefetch_count", in: rabbit, default: 0, 0...65_535,
                help: "Messages of a queue that may be under way to a receiver at a time. 0: 20.")),
    ]

    private static func path(_ name: String, _ help: String) -> AnySetting {
        AnySetting(Setting(name, in: rabbit, default: "", help: help, allowed: "a path, or nothing"))
    }
}
