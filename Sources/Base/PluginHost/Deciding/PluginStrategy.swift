// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import HypsometerKit
internal import JSONText
package import Optimization
package import Settings

/// A strategy behind the protocol.
package struct PluginStrategy: MetricPlanning {
    package let declaration: StrategyDeclaration
    /// Where the manifest names it.
    package let place: Mistake.Place
    /// Why an action can't be carried out by anybody; nil for one that can.
    package var flaw: @Sendable (Solution.ProposedAction) -> String? = { _ in nil }

    private let slot: PluginSlot
    private let plansMetrics: Bool

    init(_ slot: PluginSlot, _ declaration: StrategyDeclaration, plansMetrics: Bool, place: Mistake.Place) {
        self.slot = slot
        self.declaration = declaration
        self.plansMetrics = plansMetrics
        self.place = place
    }

    /// What the plug-in says that it will read; of one that can't say, the mean of each metric that it declares, over
    /// its parameter `period`, or over 300 s where it has none.
    package func queries(_ parameters: ParameterValues) async throws -> [MetricQuery] {
        guard plansMetrics else {
            let period = parameters["period"]?.number ?? 300
            return declaration.metrics.compactMap { metric in
                MetricQuery.ResourceKind(ofMetric: metric).map { MetricQuery(metric, $0, period: period) }
            }
        }
        let call = WireValue.object([
            "namespace": .string(EntryPoint.strategies), "name": .string(declaration.name),
            "parameters": WireValue(parameters.json),
        ])
        do {
            let answer = try await slot.call(.queries, call.json)
            return try answer.list("queries") { item throws(WireError) in try MetricQuery(message: item) }
        } catch {
            throw slot.named(error)
        }
    }

    package func execute(_ context: StrategyContext) async throws -> Solution {
        var metrics = PrefetchedMetrics()
        for query in try await queries(context.parameters) {
            metrics.set(query, to: Self.values(of: query, context))
        }
        let solution: Solution
        do {
            let message = try ExecuteMessage(declaration.name, context, metrics: metrics)
            solution = try SolutionMessage.solution(
                try await slot.call(.execute, message.value.json), isExplaining: context.isExplaining)
        } catch {
            throw slot.named(error)
        }
        for action in solution.actions {
            if let flaw = flaw(action) { throw PluginError(slot.name, "proposed what nobody can do: \(flaw)") }
        }
        return solution
    }

    private static func values(of query: MetricQuery, _ context: StrategyContext) -> [String: Double] {
        var found: [String: Double] = [:]
        for case let model as ModelRoot in context.models.values {
            let resources =
                query.resourceKind == .computeNode ? model.allNodes.map(\.uuid) : model.allInstances.map(\.uuid)
            for id in resources { found[id] = context.metrics.value(of: query, for: id) }
        }
        return found
    }
}
