// SPDX-License-Identifier: Apache-2.0
package import Settings
internal import WebClient

/// How agents share work, read and checked.
package struct CoordinationSettings: Sendable, Hashable {
    package var url: CoordinationURL
    /// Between two signs of life.
    var heartbeat: Duration
    /// After which an agent that gave none is taken for dead.
    var lease: Int
    /// Agents of one group share work.
    var group: String
    var hostName: String

    /// - Parameters:
    ///   - namespaces: that are polled.
    ///   - url: `[coordination] backend_url`, which isn't empty.
    package init(
        _ configuration: Configuration, url: String, place: Mistake.Place, namespaces: [String], hostName: String
    ) throws(Mistake) {
        self.url = try CoordinationURL(url, place: place)
        if let (role, path) = self.url.trust.unusableFile() {
            let option =
                switch role {
                case .authorities: "ca_cert"
                case .certificate: "cert_cert"
                case .key: "cert_key"
                }
            throw Mistake(
                place, "[coordination] backend_url, option \(option)",
                found: "\(path.quoted), which holds nothing of the kind or can't be read",
                allowed: "a PEM file that this user may read")
        }
        heartbeat = .seconds(try configuration.value(Self.heartbeatSetting))
        lease = try configuration.value(Self.leaseSetting)
        if .seconds(lease) < heartbeat * 2 {
            let place = configuration.place(of: "coordination", "lease_seconds") ?? place
            throw Mistake(
                place, "[coordination] lease_seconds", found: "\(lease), with a heartbeat every \(heartbeat)",
                allowed: "at least twice the heartbeat")
        }
        let prefix = try configuration.value(Self.prefixSetting)
        group = Set(namespaces).sorted().joined(separator: "-") + (prefix.isEmpty ? "" : "-\(prefix)")
        self.hostName = hostName
    }

    package static let all: [AnySetting] = [
        AnySetting(heartbeatSetting), AnySetting(leaseSetting), AnySetting(prefixSetting),
    ]

    private static let heartbeatSetting = Setting(
        "heartbeat", in: "coordination", default: 1, 1...60,
        help: "Seconds between two signs of life of an agent that shares work; as often it looks who else is there.")

    private static let leaseSetting = Setting(
        "lease_seconds", in: "coordination", default: 10, 2...600,
        help: "Seconds after its last sign of life at which an agent is taken for dead and its work by the others.")

    private static let prefixSetting = Setting(
        "partitioning_group_prefix", in: "polling", default: "",
        help: "Agents of the same namespaces that share work only with those of the same prefix.",
        allowed: "letters, digits, - and _",
        check: {
            $0.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0) }
        })
}
