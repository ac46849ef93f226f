// SPDX-License-Identifier: Apache-2.0
import Daemon
import Logging
import NotificationPlugins
import Notifications
import Pipelines
import PluginHost
import Publishers
import Settings

/// Hands plug-ins to the notification service: those that are linked into this program, and those that are installed
/// beside it. They go through the same list.
struct NotificationAssembly: NotificationPartsSource {
    private let directories: [String]
    private let host: PluginSupervisor
    private let log: Logger

    /// - Parameters:
    ///   - directories: of plug-ins, as the command line names them.
    ///   - isService: whether others may want to know how its plug-ins are.
    init(directories: [String], isService: Bool, log: Logger) {
        self.directories = directories
        self.log = log
        host = PluginSupervisor(service: "hypsometer-notification", isReporting: isService, log: log)
    }

    /// Blocks until nothing of any plug-in's process is left.
    func stop() { host.stop() }

    var settings: [AnySetting] { PluginSettings.all + PublisherSettings.all }

    func parts(for configuration: Configuration) throws(Mistakes) -> NotificationParts {
        let hostName = HostName.current
        let publishers = try Mistakes.collecting { () throws(Mistake) in
            BuiltInPublishers.all(try PublisherSettings(configuration, host: hostName, log: log))
        }
        var settings = try PluginSettings(configuration)
        settings.directories += directories
        let installed = try host.load(
            PluginSupervisor.Request(
                settings: settings, hostName: hostName,
                shared: HostSettings.shared(NotificationSettings.all + self.settings, configuration),
                configuration: configuration, namespaces: PluginNamespaces.ofNotificationService,
                builtIn: [
                    PluginNamespaces.publishers: Set(publishers.map(\.scheme)),
                    PluginNamespaces.notifications: Set(BuiltInNotifications.all.map(\.name)),
                ]))
        return NotificationParts(
            plugins: BuiltInNotifications.all.map { NotificationPluginEntry(name: $0.name, plugin: $0.plugin) }
                + installed.notifications.map { NotificationPluginEntry(name: $0.name, plugin: $0) },
            publishers: publishers + installed.publishers.map(PublisherRegistration.init(of:)),
            eventPublishers: BuiltInEventPublishers.all)
    }
}
