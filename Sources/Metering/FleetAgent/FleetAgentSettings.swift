// SPDX-License-Identifier: Apache-2.0
internal import Foundation
package import Settings
package import WebClient

/// What an operator can set of an agent that a fleet service configures.
package struct FleetAgentSettings: Sendable, Hashable {
    /// Without a final `/`.
    package var url: String
    package var tokenFile: String
    package var trust = WebTrust()
    package var directory: String
    package var interval: Duration
    /// As the operator has it; nil for that of the first network interface.
    package var mac: String?

    private static let urlSetting = Setting(
        "url", in: "fleet_agent", default: "",
        help:
            "The fleet service that configures this agent, as --fleet names it: what it deploys goes before polling.yaml "
            + "and pipeline.yaml. Empty: none.", allowed: "http://host:port, https://host:port, or nothing",
        check: { $0.isEmpty || base($0) != nil })

    private static let tokenFileSetting = Setting(
        "token_file", in: "fleet_agent", default: "/etc/hypsometer/bootstrap.token",
        help: "A file with a token of scope bootstrap, to register with; it isn't looked at after that.",
        allowed: "an absolute path", check: { $0.hasPrefix("/") })

    private static let authoritiesSetting = Setting(
        "ca_file", in: "fleet_agent", default: "",
        help: "A PEM file with the authorities to trust. Empty: those of the system.",
        allowed: "an absolute path, or nothing", check: { $0.isEmpty || $0.hasPrefix("/") })

    private static let directorySetting = Setting(
        "state_directory", in: "fleet_agent", default: "/var/lib/hypsometer/fleet-agent",
        help:
            "Where the agent keeps its own token and the last generation that it could use, for its own eyes; made where "
            + "it isn't there.", allowed: "an absolute path", check: { $0.hasPrefix("/") })

    private static let intervalSetting = Setting(
        "heartbeat_interval", in: "fleet_agent", default: 60, 1...3600,
        help: "Seconds between two reports to the fleet service; a change is followed within that time.")

    private static let macSetting = Setting(
        "mac", in: "fleet_agent", default: "",
        help:
            "The address of a network interface by which the fleet service knows this host. Empty: that of the first one.",
        allowed: "six pairs of hexadecimal digits with : between them, or nothing",
        check: {
            $0.isEmpty
                || $0.split(separator: ":", omittingEmptySubsequences: false).allSatisfy { $0.utf8.count == 2 }
                    && $0.utf8.count == 17
        })

    package static let all: [AnySetting] = [
        AnySetting(urlSetting), AnySetting(tokenFileSetting), AnySetting(authoritiesSetting),
        AnySetting(directorySetting), AnySetting(intervalSetting), AnySetting(macSetting),
    ]

    /// - Parameter commandLine: what `--fleet` says; nil where it isn't given.
    /// - Returns: nil where no service is named.
    package init?(_ configuration: Configuration, commandLine: String?) throws(Mistake) {
        let text: String
        if let commandLine { text = commandLine } else { text = try configuration.value(Self.urlSetting) }
        if text.isEmpty, commandLine == nil { return nil }
        guard let url = Self.base(text) else {
            throw Mistake(
                .init("command line"), "--fleet", found: text.withoutPassword.quoted,
                allowed: "http://host:port or https://host:port")
        }
        self.url = url
        tokenFile = try configuration.value(Self.tokenFileSetting)
        let authorities = try configuration.value(Self.authoritiesSetting)
        if !authorities.isEmpty { trust.authorities = authorities }
        if let (_, path) = trust.unusableFile() {
            _ = try TextFile.read(path)
            throw Mistake(.init(path), "", found: "no certificate", allowed: "authorities as PEM")
        }
        directory = try configuration.value(Self.directorySetting)
        interval = .seconds(try configuration.value(Self.intervalSetting))
        let mac = try configuration.value(Self.macSetting)
        self.mac = mac.isEmpty ? nil : mac
    }

    private static func base(_ text: String) -> String? {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme ?? ""),
            parts.host?.isEmpty == false, parts.user == nil, parts.query == nil
        else { return nil }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// Whether a token could be read by others on its way.
    package var isOpen: Bool {
        let host = URLComponents(string: url)?.host ?? ""
        return url.hasPrefix("http:") && !["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
    }
}
