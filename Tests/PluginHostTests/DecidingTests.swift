// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Optimization
import PluginHost
import TestSupport
import Testing

/// What authors' strategies, planners, scoring engines and collectors give is what the host gets.
@Suite(.timeLimit(.minutes(2))) struct DecidingTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    private func loaded(_ configuration: String = "") async throws -> LoadedPlugins {
        try bench.install("example", entries: Bench.deciding)
        let loaded = try await bench.load(configuration)
        #expect(bench.errors == [])
        return loaded
    }

    /// A strategy of a script that answers as told.
    private func scripted(
        _ execute: String, strategy: String = "{'goal': 'dummy', 'models': ['compute']}",
        timeout: Duration = .seconds(60)
    ) async throws -> PluginStrategy {
        try bench.install(
            "bad", Script.deciding(execute, strategy: strategy), entries: "[watcher_strategies]\nbad = Bad\n")
        return try #require(try await bench.load(timeout: timeout).strategies.first)
    }

    /// Two nodes with two instances each.
    private var cluster: ModelRoot {
        var model = ModelRoot()
        for name in ["a", "b"] {
            var node = ComputeNode(uuid: "node-\(name)")
            node.hostname = name
            let place = model.add(node)
            for number in 1...2 { model.map(model.add(Instance(uuid: "vm-\(name)\(number)")), to: place) }
        }
        return model
    }

    @Test func aStrategySaysAllOfItselfThatOursDo() async throws {
        let loaded = try await loaded()
        #expect(loaded.goals.map(\.name) == ["drained"])
        #expect(loaded.goals.first?.ratios == [EfficacyRatio("moved_ratio", "moved", of: "all")])
        let declaration = try #require(loaded.strategies.first).declaration
        #expect(declaration.name == "drain" && declaration.planner == "last_first")
        #expect(declaration.models == ["compute", "tally"] && declaration.metrics == ["instance_cpu_usage"])
        #expect(declaration.parameters.map(\.name) == ["to", "limit", "period"])
        #expect(declaration.parameters[1].kind == .number(minimum: 0, maximum: 100))
        #expect(declaration.options.first?.kind == .text(choices: ["live", "cold"]))
        #expect(throws: OptimizationError.self) { try declaration.parameters.effective(["to": "b", "limit": 101]) }
    }

    @Test func itDecidesByModelsAndMetricsOfTheHost() async throws {
        let loaded = try await loaded("[watcher_cluster_data_model_collectors.tally]\nfirst = 7\n")
        let strategy = try #require(loaded.strategies.first)
        var metrics = MetricTable()
        metrics.set("instance_cpu_usage", of: "vm-a1", to: 80, period: 900)
        metrics.set("instance_cpu_usage", of: "vm-a2", to: 99, period: 600)
        metrics.set("instance_cpu_usage", of: "vm-b2", to: 20, period: 900)
        let tally = try #require(loaded.collectors.first)
        let context = try StrategyContext(
            for: strategy, parameters: ["to": "b", "period": 900], options: ["kind": "cold"],
            models: ["compute": cluster, "tally": try await tally.execute()], metrics: metrics, seed: .max,
            isExplaining: true)
        #expect(
            try await strategy.queries(context.parameters)
                == [MetricQuery("instance_cpu_usage", .instance, period: 900, aggregate: "max")])
        let solution = try await strategy.execute(context)
        #expect(solution.actions.map(\.resourceID) == ["vm-a1"])
        #expect(solution.actions.first?.parameters["migration_type"] == "cold")
        #expect(solution.indicators == [EfficacyIndicator("moved", 1), EfficacyIndicator("all", 4)])
        #expect(solution.explanations.map(\.reason) == ["80.0 % busy, tally 7, seed \(UInt64.max)"])
    }

    @Test func itsPlannerOrdersWhatItIsGiven() async throws {
        let planner = try #require(try await loaded("[watcher_planners.last_first]\nchained = true\n").planners.first)
        let actions = ["x", "y"].map {
            Solution.ProposedAction(type: "migrate", parameters: ["resource_id": .string($0)])
        }
        let plan = try await planner.plan(actions)
        #expect(plan.actions.map(\.parameters) == [["resource_id": "y"], ["resource_id": "x"]])
        #expect(plan.actions.map(\.parents) == [[], [0]])
    }

    @Test func aScoringEngineScoresAndSaysWhatItCannot() async throws {
        let engine = try #require(try await loaded().scoringEngines.first)
        #expect(engine.name == "length" && engine.metainfo == "characters")
        #expect(try await engine.score(features: "hello") == "5")
        await #expect(throws: PluginError("example", "failed: length takes a text")) {
            try await engine.score(features: "")
        }
    }

    @Test func aCollectorsModelFollowsItsEndpoints() async throws {
        let loaded = try await loaded()
        let collector = try #require(loaded.collectors.first)
        #expect(collector.options.map(\.name) == ["first"])
        var model = try await collector.execute()
        for (type, payload) in [("tally.1", [:]), ("tally.10", ["times": 3]), ("tally.100", [:])]
            as [(String, JSONValue)]
        {
            let notification = Notification(publisherID: nil, eventType: type, payload: payload)
            for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
            }
        }
        #expect(model.text == "tally: 31" && (model as? OtherModel)?.json["count"] == 31)
    }

    @Test(
        arguments: [
            ("os._exit(3)", "ended with status 3"),
            ("print('rubbish', flush=True)", "sent a line that is no answer: byte 0: r; allowed: a JSON value"),
            ("answer([])", "answered what can't be used: result: a list; allowed: an object"),
            ("answer({'actions': 3})", "answered what can't be used: actions: 3; allowed: a list of at most 100000"),
            ("answer({'actions': [{}]})", "actions[0].action_type: nothing; allowed: a text"),
            ("time.sleep(60)", "did not answer execute within 5 s"),
        ])
    func whatAStrategyDoesWrongCostsItsOwnAudit(execute: String, words: String) async throws {
        let strategy = try await scripted(execute, timeout: .seconds(execute.hasPrefix("time") ? 5 : 60))
        let context = try StrategyContext(for: strategy, models: ["compute": cluster])
        let error = await #expect(throws: PluginError.self) { try await strategy.execute(context) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "")")
    }

    @Test(
        arguments: [
            ("{'models': []}", "strategy.goal: nothing; allowed: a text"),
            ("3", "strategy: 3; allowed: an object for [watcher_strategies] bad"),
            ("{'goal': 'g', 'metrics': ['cpu']}", "strategy.metrics: \"cpu\"; allowed: names that begin with host_"),
            (
                "{'goal': 'g', 'parameters': [{'name': 'p', 'type': 'colour'}]}",
                "parameters[0].p.type: \"colour\"; allowed: number, integer"
            ),
            (
                "{'goal': 'g', 'parameters': [{'name': 'p', 'type': 'integer', 'default': 'x'}]}",
                "p.default: \"x\"; allowed: a whole number"
            ),
        ])
    func aDeclarationThatCannotBeReadIsRefusedAtTheStart(strategy: String, words: String) async throws {
        try bench.install(
            "bad", Script.deciding("pass", strategy: strategy), entries: "[watcher_strategies]\nbad = Bad\n")
        #expect(try await bench.load().strategies.isEmpty)
        #expect(bench.errors.count == 1 && bench.errors[0].contains(words), "\(bench.errors)")
    }

    @Test func whatNobodyCanDoIsNotProposed() async throws {
        var strategy = try await scripted("answer({'actions': [{'action_type': 'fly', 'resource_id': 'vm-a1'}]})")
        strategy.flaw = { $0.type == "fly" ? "unknown action fly" : nil }
        let context = try StrategyContext(for: strategy, models: ["compute": cluster])
        await #expect(throws: PluginError("bad", "proposed what nobody can do: unknown action fly")) {
            try await strategy.execute(context)
        }
    }
}
