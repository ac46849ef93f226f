// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Optimization
package import Settings

/// The goals, strategies, planners and model readers that audits may use; the front door hands them in.
package struct AuditCatalog: Sendable {
    /// A model in a file's text, with its collector's name; nil for what it doesn't know.
    package typealias ModelReader = @Sendable (String) throws -> (name: String, model: any Model)?

    package var goals: [Goal]
    package var strategies: [any Strategy]
    package var plannerNames: [String]
    /// What an operator may set for each planner.
    package var plannerOptions: [String: [Parameter]]
    package var makePlanner: @Sendable (_ name: String, _ options: JSONObject) throws -> (any Planner)?
    package var scoringEngines: [any ScoringEngine]
    package var modelReaders: [ModelReader]
    /// Why an action would be refused by who carries it out; nil for one that would not.
    package var problem: @Sendable (Solution.ProposedAction) -> String?
    /// Other names of goals, as `[watcher_goals] goals` gives them, each with its strategy.
    package var mappedGoals: [String: String] = [:]

    package init(
        goals: [Goal], strategies: [any Strategy], plannerNames: [String],
        plannerOptions: [String: [Parameter]] = [:],
        makePlanner: @escaping @Sendable (String, JSONObject) throws -> (any Planner)?,
        scoringEngines: [any ScoringEngine] = [], modelReaders: [ModelReader],
        problem: @escaping @Sendable (Solution.ProposedAction) -> String? = { _ in nil }
    ) {
        self.goals = goals
        self.strategies = strategies
        self.plannerNames = plannerNames
        self.plannerOptions = plannerOptions
        self.makePlanner = makePlanner
        self.scoringEngines = scoringEngines
        self.modelReaders = modelReaders
        self.problem = problem
    }

    /// Takes up the value of ``AuditSettings/goals``.
    ///
    /// - Parameter place: where it stands, for errors.
    package mutating func map(goals text: String, at place: Mistake.Place) throws(Mistakes) {
        var mistakes = Mistakes()
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: ":", maxSplits: 1).map { String($0.trimmed) }
            guard parts.count == 2, !parts[0].isEmpty else {
                mistakes.add(
                    Mistake(
                        place, "[watcher_goals] goals", found: String(pair.trimmed).quoted,
                        allowed: "pairs GOAL:STRATEGY"))
                continue
            }
            if let strategy = mistakes.collect({ () throws(Mistake) in
                try strategy(named: parts[1], at: place, "[watcher_goals] goals")
            }) {
                mappedGoals[parts[0]] = strategy.declaration.name
            }
        }
        try mistakes.throwIfAny()
    }

    /// The strategy of that name.
    package func strategy(
        named name: String, at place: Mistake.Place = .init("command line"), _ key: String = "--strategy"
    ) throws(Mistake) -> any Strategy {
        guard let strategy = strategies.first(where: { $0.declaration.name == name }) else {
            throw Mistake(
                place, key, unknown: name, among: strategies.map(\.declaration.name),
                seenWith: "'hypsometer audit strategies'")
        }
        return strategy
    }

    /// Takes up a strategy from elsewhere, after those that are there.
    ///
    /// - Parameter place: where it is named, for errors.
    package mutating func add(_ strategy: some Strategy, at place: Mistake.Place) throws(Mistake) {
        let declaration = strategy.declaration
        let key = "[watcher_strategies] \(declaration.name)"
        guard goals.contains(where: { $0.name == declaration.goal }) else {
            throw Mistake(place, "\(key): goal", unknown: declaration.goal, among: goals.map(\.name))
        }
        guard plannerNames.contains(declaration.planner) else {
            throw Mistake(place, "\(key): planner", unknown: declaration.planner, among: plannerNames)
        }
        strategies.append(strategy)
    }

    /// The strategy that the configuration names for a goal, else the first one for it.
    package func strategy(
        forGoal name: String, at place: Mistake.Place = .init("command line"), _ key: String = "--goal"
    ) throws(Mistake) -> any Strategy {
        if let mapped = mappedGoals[name] { return try strategy(named: mapped, at: place, key) }
        guard let strategy = strategies.first(where: { $0.declaration.goal == name }) else {
            throw Mistake(
                place, key, unknown: name, among: goals.map(\.name) + mappedGoals.keys,
                seenWith: "'hypsometer audit strategies'")
        }
        return strategy
    }
}
