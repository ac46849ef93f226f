// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import CoreMetrics
import Daemon
import Datasources
import Foundation
import Logging
import ModelCollectors
import Settings
import Web

/// `hypsometer audit serve`.
struct AuditServeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Keeps audits and the plans that they make, runs them when they are due, and answers over HTTP.",
        discussion: """
            Without --config-file and --config-dir it reads /etc/hypsometer/hypsometer.conf and \
            /etc/hypsometer/hypsometer.conf.d/*.conf, if they are there. It looks at the section [audit] and at those \
            whose names begin with watcher.
            """)

    @Flag(name: .customLong("validate"), help: "Check all files, tell every mistake, and end.")
    var validateOnly = false

    @Flag(help: "Print every setting of audits with its meaning and its value as a configuration file, and end.")
    var printConfig = false

    @Flag(name: .shortAndLong, help: "Log at the level debug.")
    var debug = false

    @OptionGroup var collectors: CollectorOptions
    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if validateOnly, printConfig {
            throw ValidationError("--validate and --print-config exclude each other; give one of them")
        }
    }

    func execute() async throws(Mistakes) -> Int32 {
        if debug { LogSetup.level = .debug }
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration, as: validateOnly || printConfig ? nil : "hypsometer-audit") {
            plugins throws(Mistakes) in
            try await execute(configuration, plugins)
        }
    }

    private func execute(
        _ configuration: Configuration, _ plugins: OptimizingPlugins
    ) async throws(Mistakes) -> Int32 {
        var catalog = plugins.catalog
        let status =
            printConfig
            ? Output.put(SampleFile.text(AuditSettings.all(catalog) + plugins.settings, configuration)) : 0
        let settings = try AuditSettings(
            configuration, &catalog, besides: plugins.settings, sections: plugins.sections)
        if printConfig { return status }
        let setup = try AuditServiceSetup(configuration)
        let groups = try Mistakes.collecting { () throws(Mistake) in
            try ScopeFiles.handler(groups: setup.groupsFile)
        }
        let datasources = try Datasources(configuration)
        let log = Logger(label: "hypsometer-audit")
        let registrations = try collectors.registrations(configuration, plugins, log: log)
        let feed = try Mistakes.collecting { () throws(Mistake) in try CollectorOptions.feed(configuration, log: log) }
        if validateOnly {
            return Output.put(setup.remarks.map { $0 + "\n" }.joined() + "The configuration is good.\n")
        }
        for remark in setup.remarks { log.notice("\(remark)") }
        if registrations.isEmpty {
            log.warning("no collector has anybody to ask: audits will have no models")
        }
        if datasources.isEmpty { log.warning("no datasource has a url: audits will have no metrics") }
        let models = CollectorManager(registrations, scopes: groups, feed: feed, log: log)
        let runner = AuditRunner(
            catalog, settings, models: models, fetchMetrics: datasources.metricFetch,
            datasource: { datasources.datasource(for: $0, preferred: $1) }, checkScope: { try ScopeFiles.check($0) })
        let metrics = MetricsMemory()
        MetricsSystem.bootstrap(metrics)
        let run = ServiceRun(log: log)
        let credentials = try CredentialsInForce(setup.credentials, of: "audit")
        let (files, known, own, sections) = (self.configuration, catalog, plugins.settings, plugins.sections)
        let reload = CredentialsReload(credentials, started: configuration, in: run) { () throws(Mistakes) in
            let configuration = try files.configuration()
            var catalog = known
            _ = try AuditSettings(configuration, &catalog, besides: own, sections: sections)
            let setup = try AuditServiceSetup(configuration)
            return .init(configuration: configuration, credentials: setup.credentials)
        }
        let service = AuditService(
            setup: setup, credentials: credentials, runner: runner, version: Version.text, heartbeat: run.heartbeat,
            metrics: metrics, log: log
        ) { reload.ready($0.map { "Listening on \($0)" } ?? "Running audits") }
        return await run(service, beside: [models, reload])
    }
}
