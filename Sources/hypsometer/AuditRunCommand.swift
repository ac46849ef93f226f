// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import Daemon
import Datasources
import Foundation
import Logging
import ModelCollectors
import Optimization
import Settings

/// `hypsometer audit run`.
struct AuditRunCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs one audit and prints the action plan; changes nothing.",
        discussion: """
            With --model, models come from files: what would be done, were the cluster like this. For those that no \
            file has, the collectors are asked that plug-ins, the configuration or --libvirt-uri set up. Without \
            --metrics the datasources are asked that have a url in [watcher_datasources.NAME]. Without --config-file and \
            --config-dir it reads /etc/hypsometer/hypsometer.conf and /etc/hypsometer/hypsometer.conf.d/*.conf, if \
            they are there; it looks at the sections whose names begin with watcher.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, html }

    @Option(help: "What to work towards; its first strategy is taken, or the one that [watcher_goals] names.")
    var goal: String?

    @Option(help: "The algorithm to use; 'hypsometer audit strategies' lists them.")
    var strategy: String?

    @Option(
        help: ArgumentHelp(
            "A model: our JSON, Watcher's XML, or an inventory that a strategy asks for. One of each kind.",
            valueName: "path"))
    var model: [String] = []

    @Option(
        help: ArgumentHelp(
            "What was measured: JSON as {RESOURCE: {METRIC: NUMBER}}, METRIC@SECONDS for one period alone.",
            valueName: "path"))
    var metrics: String?

    @Option(help: ArgumentHelp("The strategy's parameters: a JSON object, or a file with one.", valueName: "json"))
    var parameters: String?

    @Option(
        help: ArgumentHelp(
            "What may be touched: a list as [{\"compute\": […]}], or a file with one.", valueName: "json"))
    var scope: String?

    @Option(
        help: ArgumentHelp(
            "A file with what the scope's aggregates and zones are: an object with lists of aggregates, services and "
                + "storage_services as Nova and Cinder tell them.", valueName: "path"))
    var groups: String?

    @Option(help: "What random choices are made with: the same seed, the same choice.")
    var seed: UInt64 = 0

    @Option(help: "For people, for programs, or as a page that needs nothing else.")
    var format = Format.table

    @Flag(help: "Say of each node and instance why it was chosen or not.")
    var explain = false

    @Flag(help: "Print every setting of audits with its meaning and its value as a configuration file, and end.")
    var printConfig = false

    @OptionGroup var collectors: CollectorOptions
    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if !printConfig, (goal == nil) == (strategy == nil) {
            throw ValidationError("give one of --goal and --strategy")
        }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration) { plugins throws(Mistakes) in
            try await execute(configuration, plugins)
        }
    }

    private func execute(
        _ configuration: Configuration, _ plugins: OptimizingPlugins
    ) async throws(Mistakes) -> Int32 {
        var catalog = plugins.catalog
        let others = plugins.settings
        let known = AuditSettings.all(catalog) + others
        // Printed though there be mistakes: who looks for one wants to see what is set where.
        let status = printConfig ? Output.put(SampleFile.text(known, configuration)) : 0
        let settings = try AuditSettings(configuration, &catalog, besides: others, sections: plugins.sections)
        if printConfig { return status }
        var audit = try Mistakes.collecting { () throws(Mistake) -> WhatIf in try assembled(catalog, settings) }
        if metrics == nil { audit.fetchMetrics = try Datasources(configuration).metricFetch }
        do {
            if model.count < audit.strategy.declaration.models.count || model.isEmpty {
                try await collectModels(for: &audit, catalog, configuration, plugins)
            }
            let report = try await audit.run(catalog)
            return switch format {
            case .table: Output.put(report.text)
            case .json: Output.put(report.json + "\n")
            case .html: Output.put(report.html)
            }
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch let mistakes as Mistakes {
            throw mistakes
        } catch {
            Output.put("hypsometer: \(audit.strategy.declaration.name): \(error)\n", to: STDERR_FILENO)
            return 1
        }
    }

    /// Asks the collectors for the models that the strategy needs and no file has; what none of them makes is left to be missed.
    private func collectModels(
        for audit: inout WhatIf, _ catalog: AuditCatalog, _ configuration: Configuration,
        _ plugins: OptimizingPlugins
    ) async throws {
        let given = try audit.models.map { try catalog.readModel($0).name }
        let log = Logger(label: "hypsometer-audit")
        let all = try collectors.registrations(configuration, plugins, log: log)
        let names = audit.strategy.declaration.models.filter { name in
            !given.contains(name) && all.contains { $0.name == name || $0.kind == name }
        }
        guard !names.isEmpty else { return }
        // Nobody else is asked.
        let needed = all.filter { names.contains($0.name) || names.contains($0.kind) }
        let groups = try ScopeFiles.handler(groups: groups)
        let scope = try audit.scope.map { try ScopeFiles.read($0) } ?? []
        let heedsMetadata = audit.heedsMetadata
        let found = try await CollectorOptions.withModels(of: needed, scopes: groups, log: log) { manager in
            var found: [(name: String, model: any Model, warnings: [String])] = []
            for name in names {
                let (model, warnings) = try await manager.model(name, scope: scope, heedsMetadata: heedsMetadata)
                found.append((name, model, warnings))
            }
            return found
        }
        for (name, model, warnings) in found {
            audit.knownModels[name] = model
            audit.remarks += warnings
        }
    }

    private func assembled(_ catalog: AuditCatalog, _ settings: AuditSettings) throws(Mistake) -> WhatIf {
        let chosen =
            if let strategy { try catalog.strategy(named: strategy) } else { try catalog.strategy(forGoal: goal ?? "") }
        var audit = WhatIf(chosen, models: [])
        for path in model { audit.models.append(try .init(reading: path)) }
        if let metrics { audit.metrics = try .init(reading: metrics) }
        if let parameters { audit.parameters = try .init(jsonOrPath: parameters, of: "--parameters") }
        if let scope {
            let rules = try InputFile(jsonOrPath: scope, of: "--scope")
            _ = try ScopeFiles.read(rules)
            audit.scope = rules
        }
        audit.scopeHandler = try ScopeFiles.handler(groups: groups)
        audit.settings = settings
        audit.seed = seed
        audit.isExplaining = explain || format == .html  // the page has a column for it
        return audit
    }
}
