// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// A plug-in for notifications, with the name it goes by in messages.
package struct NotificationPluginEntry: Sendable {
    package var name: String
    package var plugin: any NotificationPlugin

    package init(name: String, plugin: any NotificationPlugin) {
        self.name = name
        self.plugin = plugin
    }
}

/// What makes samples and events of notifications: definitions and plug-ins.
package struct NotificationHandlers: Sendable {
    package var plugins: [NotificationPluginEntry]
    /// nil where no samples are wanted.
    package var meters: MeterDefinitions?
    /// nil where no events are wanted.
    package var events: EventDefinitions?
    /// The priorities whose notifications go into their events whole: `info`, `error`.
    package var rawPriorities: Set<String>
    package var reserved: ReservedMetadata
    package var sampleSource: String

    package init(
        plugins: [NotificationPluginEntry] = [], meters: MeterDefinitions?, events: EventDefinitions? = nil,
        rawPriorities: Set<String> = [], reserved: ReservedMetadata = ReservedMetadata(),
        sampleSource: String = "openstack"
    ) {
        self.plugins = plugins
        self.meters = meters
        self.events = events
        self.rawPriorities = rawPriorities
        self.reserved = reserved
        self.sampleSource = sampleSource
    }

    /// The priorities that samples are made of; others are taken off their queues and forgotten, as Ceilometer does.
    static let samplePriorities: Set<String> = ["info", "sample"]
    static let eventPriorities: Set<String> = ["info", "error"]
}
