// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import Optimization
package import Settings

/// What an operator set for audits: which strategy serves a goal, and the options of strategies and planners.
package struct AuditSettings: Sendable {
    /// By strategy, as far as something was set.
    package private(set) var strategyOptions: [String: JSONObject] = [:]
    /// By planner.
    package private(set) var plannerOptions: [String: JSONObject] = [:]

    /// Which strategy serves a goal of whatever name.
    package static let goals = Setting(
        "goals", in: "watcher_goals", default: "",
        help: "More names for goals, each with the strategy that serves it, as "
            + "BALANCE_LOAD:basic,MINIMIZE_ENERGY_CONSUMPTION:dummy.",
        allowed: "pairs GOAL:STRATEGY with commas between them")

    package static func all(_ catalog: AuditCatalog) -> [AnySetting] {
        let strategies = catalog.strategies.map(\.declaration).flatMap { declaration in
            declaration.options.map { AnySetting($0.setting(in: section(ofStrategy: declaration.name))) }
        }
        let planners = catalog.plannerNames.flatMap { name in
            (catalog.plannerOptions[name] ?? []).map { AnySetting($0.setting(in: section(ofPlanner: name))) }
        }
        return [AnySetting(goals)] + AuditServiceSettings.all + strategies + planners
    }

    /// Reads them, and gives the catalog its further names of goals.
    ///
    /// - Parameters:
    ///   - others: settings of the same sections' kind that somebody else reads.
    ///   - sections: those that somebody else checks.
    package init(
        _ configuration: Configuration, _ catalog: inout AuditCatalog, besides others: [AnySetting] = [],
        sections: Set<String> = []
    ) throws(Mistakes) {
        var mistakes = configuration.mistakes(
            against: Self.all(catalog) + others, foreign: .watcher(besides: configuration, sections))
        for declaration in catalog.strategies.map(\.declaration) {
            strategyOptions[declaration.name] = declaration.options.values(
                in: Self.section(ofStrategy: declaration.name), of: configuration, &mistakes)
        }
        for name in catalog.plannerNames {
            plannerOptions[name] = (catalog.plannerOptions[name] ?? []).values(
                in: Self.section(ofPlanner: name), of: configuration, &mistakes)
        }
        if let place = configuration.place(of: Self.goals.section, Self.goals.name) {
            let text = mistakes.collect { () throws(Mistake) in try configuration.value(Self.goals) }
            mistakes.collectAll { () throws(Mistakes) in try catalog.map(goals: text ?? "", at: place) }
        }
        try mistakes.throwIfAny()
    }

    /// The datasources that an operator set for a strategy; nil where none are.
    package func preferredDatasources(of strategy: String) -> [String]? {
        strategyOptions[strategy]?["datasources"]?.array?.compactMap(\.string)
    }

    private static func section(ofStrategy name: String) -> String { "watcher_strategies.\(name)" }
    private static func section(ofPlanner name: String) -> String { "watcher_planners.\(name)" }
}

extension ForeignOptions {
    /// Watcher's options that have no effect here, and all sections that aren't of its kind: other programs, ours
    /// among them, read the same files and check those.
    static func watcher(besides configuration: Configuration, _ sections: Set<String>) -> ForeignOptions {
        let others = configuration.documents.flatMap(\.sections.keys).filter { name in
            !name.hasPrefix("watcher") && name != AuditServiceSettings.listen.section
        }
        return ForeignOptions(
            [
                "watcher_decision_engine": [
                    "conductor_topic", "max_general_workers", "publisher_id",
                ],
                "watcher_datasources": ["query_interval", "query_max_retries", "query_timeout"],
                "watcher_planner": ["planner"],
                "watcher_strategies": ["strategies"],
                "watcher_cluster_data_model_collectors.compute": ["period"],
                "watcher_cluster_data_model_collectors.storage": ["period"],
                "watcher_cluster_data_model_collectors.baremetal": ["period"],
            ],
            wholeSections: Set(others).union(sections).union([
                "watcher_applier", "watcher_clients_auth", "watcher_datasources",
            ]))
    }
}
