// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import Foundation
import ModelCollectors
import Optimization
import Settings

/// `hypsometer audit run`.
struct AuditRunCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs one audit and prints the action plan; changes nothing.",
        discussion: """
            Models and metrics come from files: what would be done, were the cluster like this. Without --config-file \
            and --config-dir it reads /etc/hypsometer/hypsometer.conf and /etc/hypsometer/hypsometer.conf.d/*.conf, \
            if they are there; it looks at the sections [watcher_goals], [watcher_strategies.NAME] and \
            [watcher_planners.NAME].
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

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

    @Option(help: "For people or for programs.")
    var format = Format.table

    @Flag(help: "Say of each node and instance why it was chosen or not.")
    var explain = false

    @OptionGroup var configuration: ConfigurationOptions

    func validate() throws {
        if (goal == nil) == (strategy == nil) { throw ValidationError("give one of --goal and --strategy") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        var catalog = OptimizingAssembly.catalog
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        let settings = try AuditSettings(configuration, &catalog)
        let audit = try Mistakes.collecting { () throws(Mistake) -> WhatIf in try assembled(catalog, settings) }
        do {
            let report = try await audit.run(catalog)
            return Output.put(format == .json ? report.json + "\n" : report.text)
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch {
            Output.put("hypsometer: \(audit.strategy.declaration.name): \(error)\n", to: 2)
            return 1
        }
    }

    private func assembled(_ catalog: AuditCatalog, _ settings: AuditSettings) throws(Mistake) -> WhatIf {
        let chosen =
            if let strategy { try catalog.strategy(named: strategy) } else { try catalog.strategy(forGoal: goal ?? "") }
        var audit = WhatIf(chosen, models: [])
        for path in model { audit.models.append(try .init(reading: path)) }
        if let metrics { audit.metrics = try .init(reading: metrics) }
        if let parameters { audit.parameters = try .init(jsonOrPath: parameters, of: "--parameters") }
        if let scope { audit.scope = try .init(jsonOrPath: scope, of: "--scope") }
        audit.scopeHandler = try ScopeFiles.handler(groups: groups)
        audit.settings = settings
        audit.seed = seed
        audit.isExplaining = explain
        return audit
    }
}

extension WhatIf.Input {
    /// JSON as it stands on the command line, or the text of a file.
    init(jsonOrPath text: String, of option: String) throws(Mistake) {
        guard let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" else {
            try self.init(reading: text)
            return
        }
        self.init(path: option, text: text)
    }
}
