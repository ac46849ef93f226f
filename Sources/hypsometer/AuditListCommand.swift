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

/// `hypsometer audit list`.
struct AuditListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows which strategies could decide now: whether their models and metrics are there.",
        discussion: """
            The collectors are asked for their models, and the datasources for what each strategy would read with its \
            parameters' defaults. Exit status: 0 also where some could not.
            """)

    @OptionGroup var collectors: CollectorOptions
    @OptionGroup var plugins: PluginOptions
    @OptionGroup var configuration: ConfigurationOptions

    func execute() async throws(Mistakes) -> Int32 {
        let configuration = try configuration.configuration(environment: ProcessInfo.processInfo.environment)
        return try await plugins.run(configuration) { plugins throws(Mistakes) in
            try await list(configuration, plugins)
        }
    }

    private func list(_ configuration: Configuration, _ plugins: OptimizingPlugins) async throws(Mistakes) -> Int32 {
        var catalog = plugins.catalog
        let settings = try AuditSettings(
            configuration, &catalog, besides: plugins.settings,
            sections: plugins.sections)
        let datasources = try Datasources(configuration)
        let log = Logger(label: "hypsometer-audit")
        let registrations = try collectors.registrations(configuration, plugins, log: log)
        var models: [String: Result<any Model, any Error>] = [:]
        for name in Set(catalog.strategies.flatMap(\.declaration.models)).sorted() {
            guard
                let registration = registrations.first(where: { $0.name == name })
                    ?? registrations.first(where: { $0.kind == name })
            else { continue }
            do { models[name] = .success(try await registration.collector.execute()) } catch {
                models[name] = .failure(error)
            }
        }
        var rows = [["strategy", "goal", "now", "models", "metrics"]]
        for strategy in catalog.strategies {
            let declaration = strategy.declaration
            let missing = declaration.models.map { name -> String in
                switch models[name] {
                case .success?: "\(name) is there"
                case .failure(let error)?: "\(name): \(error)"
                case nil: "nobody makes \(name)"
                }
            }
            let hasModels = declaration.models.allSatisfy { if case .success? = models[$0] { true } else { false } }
            let compute = try? models["compute"]?.get() as? ModelRoot
            let metrics = await Self.metrics(of: strategy, in: compute, datasources, settings)
            rows.append([
                declaration.name, declaration.goal, hasModels && metrics.isThere ? "yes" : "no",
                missing.joined(separator: ", "), metrics.words,
            ])
        }
        return Output.put(TextTable.text(rows))
    }

    private static func metrics(
        of strategy: any Strategy, in model: ModelRoot?, _ datasources: Datasources, _ settings: AuditSettings
    ) async -> (isThere: Bool, words: String) {
        let declaration = strategy.declaration
        guard !declaration.metrics.isEmpty else { return (true, "") }
        guard !datasources.isEmpty else { return (false, "no datasource is configured") }
        guard let model else { return (false, "not asked without the compute model") }
        do {
            let queries: [MetricQuery]
            if let planning = strategy as? any MetricPlanning,
                let parameters = try? declaration.parameters.effective([:])
            {
                queries = try await planning.queries(ParameterValues(parameters))
            } else {
                return (datasources.datasource(for: declaration.metrics) != nil, "asked by its parameters")
            }
            let found = try await datasources.fetch(
                queries, in: model, preferred: settings.preferredDatasources(of: declaration.name))
            let gaps = MetricGaps.found(queries, model, found.metrics)
            return (gaps.isEmpty, (gaps.isEmpty ? "all" : gaps.joined(separator: "; ")) + " (\(found.datasource))")
        } catch {
            return (false, "\(error)")
        }
    }
}
