// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import Web

/// What an operator can set of the fleet service.
package enum FleetSettings {
    static let debug = Setting("debug", in: "DEFAULT", default: false, help: "Log at the level debug.")

    static let listen = Setting(
        "listen", in: "fleet", default: "127.0.0.1:4954",
        help: "Where HTTP is served. Every request needs a token, but those that the API describes as public.",
        allowed: "host:port, [IPv6 address]:port", check: { ListenAddress($0) != nil })

    static let database = Setting(
        "database", in: "fleet", default: "/var/lib/hypsometer/fleet.db",
        help: "The SQLite database; its directory must be there.", allowed: "an absolute path",
        check: { $0.hasPrefix("/") })

    package static let tokenFile = Setting(
        "token_file", in: "fleet", default: "/var/lib/hypsometer/fleet.token",
        help: "A file with the tokens of those who may change everything, one on each line. Where it isn't there, the "
            + "service makes it, with one token in it. 'hypsometer fleet' shows its first one.",
        allowed: "an absolute path", check: { $0.hasPrefix("/") })

    static let tls = TLSFiles.Names(in: "fleet")

    static let largestRequest = Setting(
        "max_request_mib", in: "fleet", default: 4, 1...64, help: "The largest request body, unpacked, in MiB.")

    static let offlineAfter = Setting(
        "offline_after", in: "fleet", default: 180, 1...86400,
        help: "Seconds without a word of a node's agent after which the node is offline. One that is being "
            + "provisioned stays online.")

    static let extensionTimeout = Setting(
        "extension_timeout", in: "fleet", default: 10, 1...600,
        help:
            "Seconds that an extension has for an answer: to a question before a change, an event, a request. One that "
            + "takes longer than [DEFAULT] plugin_timeout is killed and started again.")

    static let mostFailures = Setting(
        "extension_failures", in: "fleet", default: 5, 1...1000,
        help: "After so many failures of an extension, one after the other, it is switched off; what happens meanwhile "
            + "is kept for it.")

    static let retention = Setting(
        "retention_days", in: "fleet", default: 30, 1...36500,
        help: "Events and the audit log older than so many days are deleted, also those that an extension that is "
            + "switched off has not been told of.")

    static let url = Setting(
        "advertised_url", in: "fleet", default: "",
        help:
            "Where hosts reach the service, for their provisioning data: https://fleet.example.org:4954. Empty: listen, "
            + "as it stands.", allowed: "http://host:port, https://host:port, or nothing",
        check: { $0.isEmpty || $0.hasPrefix("http://") || $0.hasPrefix("https://") })

    static let authorities = Setting(
        "advertised_ca", in: "fleet", default: "",
        help:
            "A PEM file with the authorities that sign the service's certificate, for hosts' provisioning data. Empty: "
            + "hosts trust those of their system.", allowed: "an absolute path, or nothing",
        check: { $0.isEmpty || $0.hasPrefix("/") })

    static let generations = Setting(
        "generations_kept", in: "fleet", default: 20, 1...10_000,
        help: "How many generations of each cluster are kept, to roll back to and to be explained.")

    package static let all: [AnySetting] =
        [
            AnySetting(debug), AnySetting(listen), AnySetting(database), AnySetting(tokenFile),
            AnySetting(tls.certificate), AnySetting(tls.key), AnySetting(tls.clientCA), AnySetting(largestRequest),
            AnySetting(offlineAfter), AnySetting(extensionTimeout), AnySetting(mostFailures), AnySetting(retention),
            AnySetting(url), AnySetting(authorities), AnySetting(generations),
        ]

    /// What the same files may hold for other programs; they check it.
    package static let foreign = ForeignOptions(
        [:],
        wholeSections: [
            "DEFAULT", "api", "audit", "cache", "collector", "compute", "compute_model", "coordination", "cors",
            "database", "event", "fleet_agent",
            "gnocchi", "hardware", "ipmi", "keystone_authtoken", "meter", "notification", "oslo_concurrency",
            "oslo_messaging_notifications", "oslo_messaging_rabbit", "oslo_middleware", "oslo_policy", "polling",
            "profiler", "prometheus", "publisher", "publisher_notifier", "rgw_admin_credentials", "rgw_client",
            "service_credentials", "service_types", "vmware",
        ], wholePrefixes: ["watcher", "ceilometer.", "nailgun.extensions."])
}
