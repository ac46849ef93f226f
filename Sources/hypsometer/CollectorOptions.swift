// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import CloudAccess
import CloudModels
import ClusterModel
import Daemon
import Foundation
import Logging
import ModelCollectors
import ModelNotifications
import OpenStack
import Settings

#if Compute
    import LibvirtCollector
#endif

/// Who is asked for models, where they don't come from files.
struct CollectorOptions: ParsableArguments {
    #if Compute
        @Option(
            name: .customLong("libvirt-uri"),
            help: ArgumentHelp(
                "A hypervisor to make the compute model of, in place of those of the configuration; may be repeated.",
                valueName: "uri"))
        var libvirtURI: [String] = []
    #endif

    /// The settings of all collectors.
    static var settings: [AnySetting] {
        #if Compute
            LibvirtCollectorSettings.all
                + [AnySetting(CollectorRegistration.periodSetting(of: LibvirtCollectorSettings.name))]
                + cloudSettings
        #else
            cloudSettings
        #endif
    }

    private static var cloudSettings: [AnySetting] {
        CloudCollectors.names.map { AnySetting(CollectorRegistration.periodSetting(of: $0)) }
            + CloudCollectors.settings + CloudSettings.all + BusFeedSettings.all
    }

    /// The collectors that have somebody to ask, and those of plug-ins.
    func registrations(
        _ configuration: Configuration, _ plugins: OptimizingPlugins, log: Logger
    ) throws(Mistakes) -> [CollectorRegistration] {
        var registrations = try plugins.registrations(configuration)
        #if Compute
            var settings = try LibvirtCollectorSettings(configuration)
            let name = LibvirtCollectorSettings.name
            let period = try Mistakes.collecting { () throws(Mistake) in
                try configuration.value(CollectorRegistration.periodSetting(of: name))
            }
            for uri in libvirtURI {
                try Mistakes.collecting { () throws(Mistake) in
                    try LibvirtCollectorSettings.check(uri, at: .init("command line"), "--libvirt-uri")
                }
            }
            if !libvirtURI.isEmpty { settings.uris = libvirtURI }
            if !settings.uris.isEmpty {
                let collector = LibvirtCollector(uris: settings.uris, timeout: .seconds(settings.timeout)) { skipped in
                    log.warning("left out of the model: \(skipped)")
                }
                registrations.insert(CollectorRegistration(name, kind: "compute", collector, period: period), at: 0)
            }
        #endif
        try Mistakes.collecting { () throws(Mistake) in
            registrations += try Self.cloudRegistrations(configuration, log: log)
        }
        return registrations
    }

    /// Those of the cloud that the configuration names.
    private static func cloudRegistrations(
        _ configuration: Configuration, log: Logger
    ) throws(Mistake) -> [CollectorRegistration] {
        let environment = ProcessInfo.processInfo.environment
        guard let credentials = try CloudAccess.credentials(configuration, environment: environment) else { return [] }
        let collectors = try CloudCollectors.all(configuration, session: CloudSession(credentials), log: log)
        var registrations: [CollectorRegistration] = []
        for name in CloudCollectors.names {
            guard let collector = collectors[name] else { continue }
            let period = try configuration.value(CollectorRegistration.periodSetting(of: name))
            registrations.append(CollectorRegistration(name, kind: name, collector, period: period))
        }
        return registrations
    }

    /// What keeps the models of the configuration's cloud up to date; nil where no message bus is set.
    static func feed(_ configuration: Configuration, log: Logger) throws(Mistake) -> (any NotificationFeed)? {
        try BusFeedSettings(configuration, host: HostName.current).map { BusFeed($0, log: log) }
    }

    /// Runs `body` while the collectors keep their models up to date.
    static func withModels<Value: Sendable>(
        of collectors: [CollectorRegistration], scopes: GivenGroups, feed: (any NotificationFeed)? = nil, log: Logger,
        _ body: (CollectorManager) async throws -> Value
    ) async throws -> Value {
        let manager = CollectorManager(collectors, scopes: scopes, feed: feed, log: log)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await manager.run() }
            defer { group.cancelAll() }
            return try await body(manager)
        }
    }
}
