// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves one instance from the hottest node to the coolest one that has room.
///
/// Nodes are named by their UUIDs in its action, as in the older system.
///
/// - Complexity: O(nodes × log nodes).
public struct OutletTemperature: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "outlet_temperature", displayName: "Outlet temperature based strategy", goal: "thermal_optimization",
        parameters: [
            Parameter("threshold", .number(), default: 35.0, help: "Degrees Celsius from which a node is too hot."),
            Parameter("period", .number(), default: 30, help: "Seconds of measures."),
            .granularity,
        ],
        options: [.datasources], metrics: ["host_outlet_temp"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        [
            MetricQuery(
                "host_outlet_temp", .computeNode, period: parameters.number("period"),
                granularity: parameters.number("granularity"))
        ]
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in try decide(context, &model, &solution) }
    }

    private func decide(_ context: StrategyContext, _ model: inout ModelRoot, _ solution: inout Solution) throws {
        let query = queries(context.parameters)[0]
        let threshold = context.parameters.number("threshold")
        var hot: [(node: ModelRoot.NodeID, temperature: Double)] = []
        var cool: [(node: ModelRoot.NodeID, temperature: Double)] = []
        for node in model.nodeIDs where model[node].isAvailable {
            let temperature = context.metrics.value(of: query, for: model[node].uuid)
            solution.explain(
                model[node].subject, .rejected, temperature.map { "\($0.short) °C" } ?? "no value of host_outlet_temp")
            guard let temperature else { continue }
            if temperature >= threshold { hot.append((node, temperature)) } else { cool.append((node, temperature)) }
        }
        var choice: (source: ModelRoot.NodeID, instance: ModelRoot.InstanceID)?
        for host in hot.sorted(by: \.temperature, descending: true) where choice == nil {
            choice = model.instanceIDs(on: host.node).first { model[$0].canBeMovedLive }.map { (host.node, $0) }
        }
        guard let (source, instance) = choice else { return }
        let fitting = cool.filter { model.free(of: $0.node).holds(model[instance].demand) }
        guard let destination = fitting.min(by: { $0.temperature < $1.temperature })?.node else {
            solution.explain(model[instance].subject, .rejected, "no cool node has room for it")
            return
        }
        try solution.moveByUUID(instance, in: &model, from: source, to: destination)
    }
}

extension Instance {
    var canBeMovedLive: Bool { !isExcluded && state == .active }
}

extension Solution {
    /// As ``move(_:in:from:to:kind:)``; nodes are named by their UUIDs.
    mutating func moveByUUID(
        _ instance: ModelRoot.InstanceID, in model: inout ModelRoot, from source: ModelRoot.NodeID,
        to destination: ModelRoot.NodeID
    ) throws(ModelError) {
        try model.migrate(instance, from: source, to: destination)
        add(
            Migrate(
                instance: model[instance].uuid, name: model[instance].name, from: model[source].uuid,
                to: model[destination].uuid))
        explain(
            model[instance].subject, .chosen,
            "live migration from \(model[source].actionName) to \(model[destination].actionName)")
    }
}
