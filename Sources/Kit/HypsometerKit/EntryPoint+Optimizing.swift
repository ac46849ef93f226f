// SPDX-License-Identifier: Apache-2.0

/// What decides, and what it decides by.
extension EntryPoint {
    /// A goal by its own name.
    public static func goal(_ goal: Goal) -> EntryPoint {
        EntryPoint(namespace: goals, name: goal.name, kind: .goal(goal))
    }

    /// A strategy by the name that it declares.
    ///
    /// - Parameter models: the types of its models, beside those of Hypsometer; the others come as ``OtherModel``.
    public static func strategy(_ strategy: some Strategy, models: [any JSONModel.Type] = []) -> EntryPoint {
        EntryPoint(
            namespace: strategies, name: strategy.declaration.name, kind: .strategy(strategy, models: models))
    }

    /// A planner, which strategies name.
    ///
    /// - Parameter options: what an operator may set for it in `[watcher_planners.NAME]`; those with a default are
    ///   always there.
    public static func planner<Entry: Loadable & Planner>(
        _ name: String, options: [Parameter] = [], _ type: Entry.Type
    ) -> EntryPoint {
        EntryPoint(namespace: planners, name: name, kind: .planner(options: options) { try Entry(context: $0) })
    }

    /// A scoring engine. Its own `name` has to be the same.
    public static func scoringEngine<Entry: Loadable & ScoringEngine>(_ name: String, _ type: Entry.Type) -> EntryPoint
    {
        EntryPoint(namespace: scoringEngines, name: name, kind: .scoringEngine { try Entry(context: $0) })
    }

    /// A collector. Its models have to be of types with JSON, as they are kept by the host.
    ///
    /// - Parameters:
    ///   - kind: what strategies call its model, as `compute` for one that our strategies take; nil for its name.
    ///   - options: what an operator may set for it in `[watcher_cluster_data_model_collectors.NAME]`, beside
    ///     `period`; those with a default are always there.
    ///   - models: the types of its models, beside those of Hypsometer.
    public static func collector<Entry: Loadable & ClusterDataModelCollector>(
        _ name: String, kind: String? = nil, options: [Parameter] = [], models: [any JSONModel.Type] = [],
        _ type: Entry.Type
    ) -> EntryPoint {
        EntryPoint(
            namespace: collectors, name: name,
            kind: .collector(kind: kind ?? name, options: options, models: models) { try Entry(context: $0) })
    }

    package static let goals = "watcher_goals"
    package static let strategies = "watcher_strategies"
    package static let planners = "watcher_planners"
    package static let scoringEngines = "watcher_scoring_engines"
    package static let collectors = "watcher_cluster_data_model_collectors"
}
