// SPDX-License-Identifier: Apache-2.0
internal import BusSettings
package import Settings
internal import Web

/// What an operator can set of the collector.
package enum CollectorSettings {
    static let debug = Setting("debug", in: "DEFAULT", default: false, help: "Log at the level debug.")

    static let listen = Setting(
        "listen", in: "collector", default: "127.0.0.1:4953",
        help:
            "Where HTTP is served: samples come in there, and measures are asked for. An address that other hosts reach "
            + "needs token_file or tls_client_ca.",
        allowed: "host:port, [IPv6 address]:port", check: { ListenAddress($0) != nil })

    static let udpListen = Setting(
        "udp_listen", in: "collector", default: "",
        help: "Where metering messages are taken from Ceilometer's UDP publisher, whose port is 4952. An address that "
            + "other hosts reach needs telemetry_secret_file. Empty: nowhere.",
        allowed: "host:port, [IPv6 address]:port, or nothing", check: { $0.isEmpty || ListenAddress($0) != nil })

    static let tcpListen = Setting(
        "tcp_listen", in: "collector", default: "",
        help: "The same for Ceilometer's TCP publisher, whose port is 4952 too.",
        allowed: "host:port, [IPv6 address]:port, or nothing", check: { $0.isEmpty || ListenAddress($0) != nil })

    static let busTopics = Setting(
        "bus_topics", in: "collector", default: [],
        help: "The topics whose samples are taken off the message bus that transport_url names: metering for what "
            + "notifier publishers send, notifications for what Ceilometer's polling agents send. The queues bear a "
            + "topic's name and .sample; several collectors may share them. Empty: none.")

    static let secretFile = Setting(
        "telemetry_secret_file", in: "collector", default: "",
        help: "A file whose first line is the secret that metering messages are signed with: what senders have as "
            + "[publisher] telemetry_secret. Each further line is another that is taken as well. Empty: signatures are "
            + "not looked at.", allowed: "a path, or nothing")

    static let database = Setting(
        "database", in: "collector", default: "/var/lib/hypsometer/samples.db",
        help: "The SQLite database; its directory must be there.", allowed: "an absolute path",
        check: { $0.hasPrefix("/") })

    static let tokenFile = Setting(
        "token_file", in: "collector", default: "",
        help: "A file with the tokens that clients may show, one on each line; such as that of a systemd credential. "
            + "Empty: none is needed.", allowed: "a path, or nothing")

    static let tls = TLSFiles.Names(in: "collector")

    static let dashboard = Setting(
        "dashboard", in: "collector", default: true,
        help: "Serve a page at / that shows hosts, instances and what was measured. The page itself needs no token and "
            + "holds no data; it asks its reader for one where token_file is set.")

    static let largestRequest = Setting(
        "max_request_mib", in: "collector", default: 32, 1...1024,
        help: "The largest request body, unpacked, in MiB.")

    static let clockTolerance = Setting(
        "clock_tolerance", in: "collector", default: 300, 0...86400,
        help: "Seconds that a sample's time may be ahead of this host's clock; samples further ahead are refused.")

    static let retention = Setting(
        "retention_days", in: "collector", default: 30, 1...36500,
        help: "Samples older than so many days are deleted, and refused.")

    static let largestDatabase = Setting(
        "max_database_mib", in: "collector", default: 0, 0...100_000_000,
        help: "The oldest samples are deleted where the database uses more MiB. 0: only age counts.")

    static let forward = Setting(
        "forward", in: "collector", default: [],
        help: "Publishers that every stored sample goes on to, such as remotewrite://prometheus:9090 or "
            + "gnocchi+http://admin@gnocchi:8041, with commas between them. Empty: none.")

    static let forwardSpool = Setting(
        "forward_spool_directory", in: "collector", default: "",
        help:
            "Where samples wait for those publishers: spool.db and dead-letters.jsonl; not the directory of an agent. "
            + "Empty: the directory forward beside the database, which is made.",
        allowed: "an absolute path, or nothing", check: { $0.isEmpty || $0.hasPrefix("/") })

    static let forwardSpoolSize = Setting(
        "forward_spool_max_mib", in: "collector", default: 1024, 1...1_000_000,
        help:
            "The oldest that wait there are dropped where all take more MiB; those older than retention_days are, too.")

    package static let all: [AnySetting] =
        [
            AnySetting(debug), AnySetting(listen), AnySetting(udpListen), AnySetting(tcpListen), AnySetting(busTopics),
            AnySetting(secretFile), AnySetting(database), AnySetting(tokenFile), AnySetting(tls.certificate),
            AnySetting(tls.key), AnySetting(tls.clientCA), AnySetting(largestRequest), AnySetting(clockTolerance),
            AnySetting(retention), AnySetting(largestDatabase), AnySetting(forward), AnySetting(forwardSpool),
            AnySetting(forwardSpoolSize), AnySetting(dashboard),
        ]
        + TransportSettings.all

    /// What the same files may hold for other programs, ours and Ceilometer's; they check it.
    package static let foreign = ForeignOptions(
        ["collector": ["batch_size", "batch_timeout", "udp_address", "udp_port", "workers"]],
        wholeSections: [
            "DEFAULT", "api", "audit", "cache", "compute", "compute_model", "coordination", "cors", "database",
            "dispatcher_file", "fleet", "fleet_agent",
            "dispatcher_gnocchi", "dispatcher_http", "event", "gnocchi", "hardware", "healthcheck", "ipmi",
            "keystone_authtoken", "matchmaker_redis", "meter", "monasca", "notification", "oslo_concurrency",
            "oslo_messaging_amqp", "oslo_messaging_kafka", "oslo_messaging_notifications", "oslo_messaging_rabbit",
            "oslo_messaging_zmq", "oslo_middleware", "oslo_policy", "oslo_reports", "polling", "profiler", "publisher",
            "publisher_notifier", "rgw_admin_credentials", "rgw_client", "service_credentials", "service_types",
            "vmware", "xenapi", "zaqar",
        ], wholePrefixes: ["watcher", "nailgun.extensions."])
}
