// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves away an instance that takes the last level cache from one of higher priority on the same node.
///
/// Nodes are named by their UUIDs in its action, as in the older system.
///
/// - Complexity: O(instances × log instances).
public struct NoisyNeighbor: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "noisy_neighbor", displayName: "Noisy Neighbor", goal: "noisy_neighbor",
        parameters: [
            Parameter(
                "cache_threshold", .number(), default: 35.0,
                help: "Percent by which the use of the cache must have changed."),
            Parameter("period", .number(), default: 100.0, help: "Seconds of measures, compared with those before."),
        ],
        options: [.datasources], metrics: ["instance_l3_cache_usage"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        let period = parameters.number("period")
        return [period, 2 * period].map { MetricQuery("instance_l3_cache_usage", .instance, period: $0) }
    }

    /// In force for an instance whose metadata have no `watcher-priority`.
    private static let defaultPriority: JSONValue = "5"

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in try decide(context, &model, &solution) }
    }

    private func decide(_ context: StrategyContext, _ model: inout ModelRoot, _ solution: inout Solution) throws {
        var noisy: [(node: ModelRoot.NodeID, priority: ModelRoot.InstanceID, noisy: ModelRoot.InstanceID)] = []
        var targets: [ModelRoot.NodeID] = []
        for node in model.nodeIDs {
            if let pair = disturbance(on: node, model, context) {
                noisy.append((node, pair.priority, pair.noisy))
                solution.explain(
                    model[node].subject, .chosen, "\(model[pair.noisy].uuid) disturbs \(model[pair.priority].uuid)")
            } else {
                targets.append(node)
                solution.explain(model[node].subject, .rejected, "no instance disturbs another one")
            }
        }
        let first = noisy.enumerated().max { left, right in
            let (a, b) = (priority(model[left.element.priority]), priority(model[right.element.priority]))
            // Of equal ones the first.
            return isLess(a, b) || (!isLess(b, a) && left.offset > right.offset)
        }
        guard let source = first?.element else { return }
        let demand = model[source.noisy].demand
        guard let destination = targets.first(where: { model.free(of: $0).holds(demand) }) else {
            solution.explain(model[source.noisy].subject, .rejected, "no other node has room for it")
            return
        }
        try solution.moveByUUID(source.noisy, in: &model, from: source.node, to: destination)
    }

    /// The first instance by priority that lost cache, with the one of the least priority that won some.
    private func disturbance(
        on node: ModelRoot.NodeID, _ model: ModelRoot, _ context: StrategyContext
    ) -> (priority: ModelRoot.InstanceID, noisy: ModelRoot.InstanceID)? {
        guard model.instanceCount(on: node) > 1 else { return nil }
        let queries = queries(context.parameters)
        let threshold = context.parameters.number("cache_threshold") / 100
        func cache(_ instance: ModelRoot.InstanceID) -> (current: Double, previous: Double)? {
            let uuid = model[instance].uuid
            guard let current = context.metrics.value(of: queries[0], for: uuid),
                let both = context.metrics.value(of: queries[1], for: uuid)
            else { return nil }
            return (current, 2 * both - current)
        }
        let ordered = model.instanceIDs(on: node).sorted { isLess(priority(model[$0]), priority(model[$1])) }
        let loser = ordered.first { instance in
            cache(instance).map { $0.current < (1 - threshold) * $0.previous } ?? false
        }
        guard let loser else { return nil }
        for instance in ordered.reversed() {
            if instance == loser { return nil }
            if let cache = cache(instance), cache.current > (1 + threshold) * cache.previous {
                return (loser, instance)
            }
        }
        return nil
    }

    private func priority(_ instance: Instance) -> JSONValue {
        instance.metadata?["watcher-priority"] ?? Self.defaultPriority
    }

    /// Numbers by value, all else as texts, as which Nova keeps metadata.
    private func isLess(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = left.number, let right = right.number { return left < right }
        return (left.string ?? left.json) < (right.string ?? right.json)
    }
}
