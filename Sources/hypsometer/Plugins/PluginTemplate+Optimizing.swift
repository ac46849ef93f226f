// SPDX-License-Identifier: Apache-2.0

/// What decides.
extension PluginTemplate {
    var strategy: Parts {
        Parts(
            namespace: "watcher_strategies", type: base + "Strategy",
            source: { type in
                """
                import HypsometerKit

                /// Moves the first instance that it finds on another node. Put your own algorithm in its place.
                struct \(type): Strategy {
                    let declaration = StrategyDeclaration(
                        name: "\(word)", displayName: "\(base)", goal: "unclassified",
                        parameters: [Parameter("destination", .text(), isRequired: true, help: "A host name.")])

                    func execute(_ context: StrategyContext) throws -> Solution {
                        let model: ModelRoot = try context.model("compute")
                        let destination = try model.nodeID(hostname: context.parameters.text("destination"))
                        var solution = Solution(isExplaining: context.isExplaining)
                        for id in model.instanceIDs {
                            guard let source = model.nodeID(of: id), source != destination else { continue }
                            solution.add(
                                Migrate(
                                    instance: model[id].uuid, from: model[source].hostname ?? "",
                                    to: model[destination].hostname))
                            break
                        }
                        return solution
                    }
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [.strategy(\(type)())]
                }

                """
            },
            test: { type in
                """
                    @Test func nothingIsMovedInAnEmptyCluster() throws {
                        var model = ModelRoot()
                        var node = ComputeNode(uuid: "n")
                        node.hostname = "a"
                        _ = model.add(node)
                        let context = try StrategyContext(
                            for: \(type)(), parameters: ["destination": "a"], models: ["compute": model])
                        #expect(try \(type)().execute(context).actions.isEmpty)
                    }
                """
            },
            tryIt: "hypsometer audit strategies \(word) --plugin-dir plugins", entry: word)
    }

    var goal: Parts {
        Parts(
            namespace: "watcher_goals", type: base + "Goal",
            source: { type in
                """
                import HypsometerKit

                /// What strategies for this goal state of their solutions, and what sums it up.
                enum \(type) {
                    static let goal = Goal(
                        "\(word)", "\(base)",
                        indicators: [
                            IndicatorSpecification("instance_migrations_count"), IndicatorSpecification("instances_count"),
                        ],
                        ratios: [EfficacyRatio("moved_ratio", "instance_migrations_count", of: "instances_count")])
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [.goal(\(type).goal)]
                }

                """
            },
            test: { type in
                """
                    @Test func oneOfFourIsAQuarter() throws {
                        let efficacy = try \(type).goal.efficacy(of: [
                            EfficacyIndicator("instance_migrations_count", 1), EfficacyIndicator("instances_count", 4),
                        ])
                        #expect(efficacy.map(\\.value) == [25])
                    }
                """
            },
            tryIt: "hypsometer audit strategies --plugin-dir plugins   # strategies name it as their goal", entry: word)
    }

    var planner: Parts {
        Parts(
            namespace: "watcher_planners", type: base + "Planner",
            source: { type in
                """
                import HypsometerKit

                /// Does one action after the other. Put your own order in its place.
                struct \(type): Loadable, Planner {
                    init(context: PluginContext) {}

                    func plan(_ actions: [Solution.ProposedAction]) -> ActionPlan {
                        ActionPlan(
                            actions: actions.enumerated().map { index, action in
                                .init(action, parents: index == 0 ? [] : [index - 1])
                            })
                    }
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [.planner("\(word)", \(type).self)]
                }

                """
            },
            test: { type in
                """
                    @Test func eachActionWaitsForTheOneBefore() {
                        let actions = ["a", "b"].map { Solution.ProposedAction(type: "nop", parameters: ["message": .string($0)]) }
                        let plan = \(type)(context: PluginContext()).plan(actions)
                        #expect(plan.actions.map(\\.parents) == [[], [0]])
                    }
                """
            },
            tryIt: "hypsometer plugin list --plugin-dir plugins   # strategies name it as their planner", entry: word)
    }

    var scoring: Parts {
        Parts(
            namespace: "watcher_scoring_engines", type: base + "Scorer",
            source: { type in
                """
                import HypsometerKit

                /// Adds up what it is given. Put the model that you have learnt in its place.
                struct \(type): Loadable, ScoringEngine {
                    let name = "\(word)"
                    let summary = "Adds up a list of numbers"
                    let metainfo = ""

                    init(context: PluginContext) {}

                    func score(features: String) throws -> String {
                        let numbers = try JSONValue(parsing: features).array?.compactMap(\\.number) ?? []
                        return JSONValue.array([.real(numbers.reduce(0, +))]).json
                    }
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [.scoringEngine("\(word)", \(type).self)]
                }

                """
            },
            test: { type in
                """
                    @Test func numbersAreAddedUp() throws {
                        #expect(try \(type)(context: PluginContext()).score(features: "[1, 2.5]") == "[3.5]")
                    }
                """
            },
            tryIt: "hypsometer audit score \(word) --features '[1, 2.5]' --plugin-dir plugins", entry: word)
    }
}
