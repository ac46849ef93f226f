// SPDX-License-Identifier: Apache-2.0
import Foundation
import NotificationPlugins
import Notifications
import Settings

/// The definitions that come with the program, and the plug-ins.
enum ShippedDefinitions {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func processor(_ change: (inout NotificationHandlers) -> Void = { _ in }) throws -> NotificationProcessor {
        let conf = root.appending(path: "conf")
        let events = conf.appending(path: "event_definitions.yaml")
        var handlers = NotificationHandlers(
            plugins: BuiltInNotifications.all.map { NotificationPluginEntry(name: $0.name, plugin: $0.plugin) },
            meters: try MeterDefinitions(directories: [conf.appending(path: "meters.d").path]),
            events: try EventDefinitions(
                file: events.path, text: try String(contentsOf: events, encoding: .utf8)))
        change(&handlers)
        return NotificationProcessor(handlers)
    }
}
