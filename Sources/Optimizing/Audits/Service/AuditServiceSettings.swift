// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import Web

/// What an operator can set of the service that runs audits, by Watcher's names where it has them.
package enum AuditServiceSettings {
    static let listen = Setting(
        "listen", in: "audit", default: "127.0.0.1:4955",
        help: "Where HTTP is served. An address that other hosts reach needs token_file or tls_client_ca. Empty: "
            + "nowhere, for a further engine on the same database.",
        allowed: "host:port, [IPv6 address]:port, or nothing", check: { $0.isEmpty || ListenAddress($0) != nil })

    static let database = Setting(
        "database", in: "audit", default: "/var/lib/hypsometer/audits.db",
        help: "The SQLite database; its directory must be there. Several engines of one host may share it.",
        allowed: "an absolute path", check: { $0.hasPrefix("/") })

    static let tokenFile = Setting(
        "token_file", in: "audit", default: "",
        help: "A file with the tokens that clients may show, one on each line; such as that of a systemd credential. "
            + "Empty: none is needed.", allowed: "a path, or nothing")

    static let tls = TLSFiles.Names(in: "audit")

    static let largestRequest = Setting(
        "max_request_mib", in: "audit", default: 4, 1...64, help: "The largest request body, unpacked, in MiB.")

    static let lease = Setting(
        "lease_seconds", in: "audit", default: 60, 5...3600,
        help: "An engine that is not heard of for so long is taken to have ended; another one runs its audits again.")

    static let groups = Setting(
        "groups_file", in: "audit", default: "",
        help: "A file with what the aggregates and zones of audits' scopes are, as --groups of 'hypsometer audit run' "
            + "takes it, for models of hypervisors. Models of a cloud ask that.", allowed: "a path, or nothing")

    static let retention = Setting(
        "retention_days", in: "audit", default: 30, 1...36500,
        help: "Plans and audits that ended longer ago than so many days are deleted.")

    private static let section = "watcher_decision_engine"

    static let workers = Setting(
        "max_audit_workers", in: section, default: 2, 1...64, help: "Audits that an engine runs at a time.")

    static let interval = Setting(
        "continuous_audit_interval", in: section, default: 10, 1...3600,
        help: "Seconds between two looks for audits that are due, where none of this engine's own is due before.")

    static let expiry = Setting(
        "action_plan_expiry", in: section, default: 24, 1...87_600,
        help: "Hours after which a plan that nobody started is superseded.")

    static let sweep = Setting(
        "check_periodic_interval", in: section, default: 1800, 1...86_400,
        help: "Seconds between two looks for such plans.")

    package static let all: [AnySetting] =
        [AnySetting(listen), AnySetting(database), AnySetting(tokenFile)] + tls.all
        + [
            AnySetting(largestRequest), AnySetting(lease), AnySetting(groups), AnySetting(retention),
            AnySetting(workers), AnySetting(interval), AnySetting(expiry), AnySetting(sweep),
        ]
}
