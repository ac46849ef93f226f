// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import HypsometerKit
internal import JSONText
internal import Optimization
internal import Settings

/// The calls of what decides, on models as small as can be.
extension PluginTrial {
    /// - Returns: nil for an entry point of another kind.
    func calls(of entry: StartAnswer.Entry, _ slot: PluginSlot) async -> [Finding]? {
        let name = "[\(entry.namespace)] \(entry.name)"
        let place = Mistake.Place(manifest.path)
        switch entry.offer {
        case nil: return nil
        case .goal(let goal)?:
            return [
                await attempt("\(name) has ratios of its own indicators") {
                    for ratio in goal.ratios {
                        for part in [ratio.part, ratio.whole]
                        where !goal.indicators.contains(where: { $0.name == part }) {
                            throw PluginRefusal(description: "\(ratio.name) is of \(part), which is no indicator")
                        }
                    }
                }
            ]
        case .strategy(let declaration, let plansMetrics)?:
            let strategy = PluginStrategy(slot, declaration, plansMetrics: plansMetrics, place: place)
            return [
                await attempt("\(name) decides by an empty cluster, or says why it can't") {
                    try await decide(strategy, by: ModelRoot())
                },
                await attempt("\(name) decides by two nodes and two instances, or says why it can't") {
                    try await decide(strategy, by: Self.cluster)
                },
                await attempt("\(name) decides the same by the same") {
                    let first = try await decide(strategy, by: Self.cluster)
                    guard try await decide(strategy, by: Self.cluster) == first else {
                        throw PluginRefusal(description: "two calls with the same models gave different actions")
                    }
                },
            ]
        case .planner(let options)?:
            let planner = PluginPlanner(slot, name: entry.name, options: options)
            return [
                await attempt("\(name) plans nothing for nothing") {
                    guard try await planner.plan([]).actions.isEmpty else {
                        throw PluginRefusal(description: "actions that nobody proposed")
                    }
                },
                await attempt("\(name) plans two migrations, or says why it can't") {
                    try await tolerant {
                        _ = try await planner.plan(
                            ["a", "b"].map { .init(type: "migrate", parameters: ["resource_id": .string($0)]) })
                    }
                },
            ]
        case .scoringEngine(let summary, let metainfo)?:
            let engine = PluginScoringEngine(slot, name: entry.name, summary: summary, metainfo: metainfo)
            return [
                await attempt("\(name) scores, or says why it can't") {
                    try await tolerant { _ = try await engine.score(features: "[1, 2, 3]") }
                }
            ]
        case .collector(let kind, let options, let filters)?:
            let collector = PluginCollector(slot, name: entry.name, kind: kind, options: options, filters: filters)
            return [
                await attempt("\(name) builds a model, and its \(filters.count) endpoints take a notification") {
                    try await tolerant {
                        var model = try await collector.execute()
                        for endpoint in collector.notificationEndpoints {
                            model = try await endpoint.info(
                                Notification(publisherID: "check", eventType: "check", payload: [:]), model: model)
                        }
                    }
                }
            ]
        }
    }

    @discardableResult
    private func decide(_ strategy: PluginStrategy, by model: ModelRoot) async throws -> [Solution.ProposedAction] {
        var models: [String: any Model] = [:]
        for name in strategy.declaration.models {
            models[name] = name == "compute" ? model : OtherModel(kind: name, json: [:])
        }
        var actions: [Solution.ProposedAction] = []
        try await tolerant {
            let context: StrategyContext
            do throws(OptimizationError) {
                context = try StrategyContext(for: strategy, models: models)
            } catch {
                return  // it needs parameters that only its users know
            }
            actions = try await strategy.execute(context).actions
        }
        return actions
    }

    /// An error that the plug-in itself answers is an answer.
    private func tolerant(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as PluginError where error.reason.hasPrefix("failed: ") {}
    }

    private static let cluster: ModelRoot = {
        var model = ModelRoot()
        for (number, host) in ["a", "b"].enumerated() {
            var node = ComputeNode(uuid: "00000000-0000-4000-8000-00000000000\(number)")
            (node.hostname, node.vcpus, node.memory, node.disk) = (host, 8, 8192, 100)
            var instance = Instance(uuid: "10000000-0000-4000-8000-00000000000\(number)")
            (instance.name, instance.vcpus, instance.memory, instance.disk) = ("vm-\(host)", 2, 2048, 10)
            let place = model.add(node)
            model.map(model.add(instance), to: place)
        }
        return model
    }()
}
