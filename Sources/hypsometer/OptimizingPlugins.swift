// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import Datasources
import DecisionEngine
import HypsometerKit
import Logging
import Optimization
import PluginHost
import Settings

#if Compute
    import LibvirtCollector
#endif

/// What plug-ins add to the goals, strategies, planners, scoring engines and collectors that are linked in.
struct OptimizingPlugins {
    /// All of it, those of plug-ins last.
    private(set) var catalog: AuditCatalog
    /// Sections of the configuration that aren't checked: of plug-ins that say nothing of their options, or that could
    /// not be loaded.
    private(set) var sections: Set<String>
    private let collectors: [PluginCollector]

    init(_ loaded: LoadedPlugins, _ configuration: Configuration, besides builtIn: AuditCatalog, log: Logger) {
        catalog = builtIn
        collectors = loaded.collectors
        catalog.goals += loaded.goals
        catalog.plannerNames += loaded.planners.map(\.name)
        for planner in loaded.planners { catalog.plannerOptions[planner.name] = planner.options }
        let planners = Dictionary(loaded.planners.map { ($0.name, $0) }) { first, _ in first }
        catalog.makePlanner = { try planners[$0] ?? builtIn.makePlanner($0, $1) }
        catalog.scoringEngines += loaded.scoringEngines
        for var strategy in loaded.strategies {
            strategy.flaw = { ActionSchemas.flaw(of: $0) }
            do throws(Mistake) {
                try catalog.add(strategy, at: strategy.place)
            } catch {
                log.error("strategy not loaded: \(error)")
            }
        }
        let known = Set(
            loaded.collectors.map { EntryPoint.collectors + "." + $0.name }
                + catalog.strategies.map { EntryPoint.strategies + "." + $0.declaration.name }
                + catalog.plannerNames.map { EntryPoint.planners + "." + $0 } + Self.builtInCollectors)
        sections = loaded.sections.subtracting(known)
        if loaded.hasGaps {
            // Any of them may be of the one that could not be loaded, which the log has said.
            sections.formUnion(
                configuration.documents.flatMap(\.sections.keys).filter { section in
                    !known.contains(section)
                        && PluginNamespaces.ofAudits.contains { section.hasPrefix($0 + ".") }
                })
        }
    }

    /// What operators may set for collectors, those of plug-ins among them, and for datasources.
    var settings: [AnySetting] {
        CollectorOptions.settings + DatasourceSettings.all
            + collectors.flatMap { collector in
                [AnySetting(CollectorRegistration.periodSetting(of: collector.name))]
                    + collector.options.map { AnySetting($0.setting(in: EntryPoint.collectors + "." + collector.name)) }
            }
    }

    /// The collectors of plug-ins.
    func registrations(_ configuration: Configuration) throws(Mistakes) -> [CollectorRegistration] {
        var mistakes = Mistakes()
        let registrations = collectors.compactMap { collector in
            mistakes.collect { () throws(Mistake) in
                for option in collector.options {
                    _ = try configuration.value(option.setting(in: EntryPoint.collectors + "." + collector.name))
                }
                return CollectorRegistration(
                    collector.name, kind: collector.kind, collector,
                    period: try configuration.value(CollectorRegistration.periodSetting(of: collector.name)))
            }
        }
        try mistakes.throwIfAny()
        return registrations
    }

    /// What plug-ins can't be called, by namespace.
    static func names(of catalog: AuditCatalog) -> [String: Set<String>] {
        [
            EntryPoint.goals: Set(catalog.goals.map(\.name)),
            EntryPoint.strategies: Set(catalog.strategies.map(\.declaration.name)),
            EntryPoint.planners: Set(catalog.plannerNames),
            EntryPoint.scoringEngines: Set(catalog.scoringEngines.map(\.name)),
            EntryPoint.collectors: Set(builtInCollectors.map { String($0.dropFirst(EntryPoint.collectors.count + 1)) }),
        ]
    }

    /// The sections of those that come with us, and of Watcher's.
    private static let builtInCollectors: [String] = {
        #if Compute
            let ours = [LibvirtCollectorSettings.name]
        #else
            let ours: [String] = []
        #endif
        return (ours + ["compute", "storage", "baremetal"]).map { EntryPoint.collectors + "." + $0 }
    }()
}
