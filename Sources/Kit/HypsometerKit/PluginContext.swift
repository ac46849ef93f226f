// SPDX-License-Identifier: Apache-2.0
public import FleetExtensions

/// What an entry point is told when it is made.
public struct PluginContext: Sendable {
    /// The entry point's own name, as in the manifest.
    public var name: String
    /// What this host is called in samples.
    public var hostName: String
    /// The entry point's section of the configuration, `[{namespace}.{name}]`: option to value.
    public var options: [String: String]
    /// The host's settings in force that are no secrets: section to name to value. They can be read, not changed.
    public var settings: [String: [String: String]]
    /// For a publisher, where samples are to go: what follows `scheme://` in its URL, up to the `?`.
    public var location: String
    /// For a publisher, what its URL says after the `?`.
    public var urlOptions: [String: String]
    public let log: PluginLog
    /// For an extension of the fleet service, that service.
    public var host: any FleetHost = NoFleet()

    /// Tests make one with what they want to be read; the host makes the others.
    public init(
        name: String = "", hostName: String = "", options: [String: String] = [:],
        settings: [String: [String: String]] = [:], location: String = "", urlOptions: [String: String] = [:],
        log: PluginLog = PluginLog()
    ) {
        self.name = name
        self.hostName = hostName
        self.options = options
        self.settings = settings
        self.location = location
        self.urlOptions = urlOptions
        self.log = log
    }

    /// The fleet's nodes and clusters, for an extension.
    public var fleet: FleetObjects { FleetObjects(host) }

    /// The extension's own tables.
    public var database: ExtensionDatabase { ExtensionDatabase(host) }

    /// A setting of the host's; nil where this host has none of that name.
    public func setting(_ name: String, in section: String) -> String? { settings[section]?[name] }
}
