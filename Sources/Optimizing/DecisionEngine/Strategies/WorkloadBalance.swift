// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves one instance away from an overloaded node: the one that brings the node closest to the average.
///
/// - Complexity: O(instances + nodes × log nodes).
public struct WorkloadBalance: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "workload_balance", displayName: "Workload Balance Migration Strategy", goal: "workload_balancing",
        planner: "workload_stabilization",
        parameters: [
            Parameter(
                "metrics", .text(choices: ["instance_cpu_usage", "instance_ram_usage"]), default: "instance_cpu_usage",
                help: "By what load is measured."),
            Parameter("threshold", .number(), default: 25.0, help: "Percent of a node from which it is overloaded."),
            Parameter("period", .number(), default: 300, help: "Seconds of measures that the load is taken of."),
            .granularity,
        ],
        options: [.datasources], metrics: ["instance_cpu_usage", "instance_ram_usage"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        [
            MetricQuery(
                parameters.text("metrics"), .instance, period: parameters.number("period"),
                granularity: parameters.number("granularity"))
        ]
    }

    private struct Host {
        var node: ModelRoot.NodeID
        /// Processors or MiB in use.
        var workload: Double
        /// Percent.
        var usage: Double
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in
            try move(in: &model, context, &solution)
            solution.indicators = [
                EfficacyIndicator("instance_migrations_count", Double(solution.actions.count)),
                EfficacyIndicator("instances_count", Double(model.instanceCount)),
            ]
        }
    }

    private func move(in model: inout ModelRoot, _ context: StrategyContext, _ solution: inout Solution) throws {
        let isCPU = context.parameters.text("metrics") == "instance_cpu_usage"
        let threshold = context.parameters.number("threshold")
        let query = queries(context.parameters)[0]
        func size(_ node: ModelRoot.NodeID) -> Double { Double((isCPU ? model[node].vcpus : model[node].memory) ?? 0) }

        var loads: [ModelRoot.InstanceID: Double] = [:]
        var sources: [Host] = []
        var targets: [Host] = []
        var total = 0.0
        let nodes = model.nodeIDs.filter { model[$0].isAvailable }
        for node in nodes {
            var workload = 0.0
            for instance in model.instanceIDs(on: node) {
                guard let value = context.metrics.value(of: query, for: model[instance].uuid) else { continue }
                let load = isCPU ? value * Double(model[instance].vcpus ?? 0) / 100 : value
                loads[instance] = load
                workload += load
            }
            total += workload
            let host = Host(node: node, workload: workload, usage: workload / size(node) * 100)
            if host.usage >= threshold { sources.append(host) } else { targets.append(host) }
            solution.explain(
                model[node].subject, .rejected,
                "\(host.usage.short) % used, \(host.usage >= threshold ? "from" : "below") \(threshold.short) %")
        }
        guard !sources.isEmpty, !targets.isEmpty else { return }
        let average = total / Double(nodes.count)

        var choice: (source: Host, instance: ModelRoot.InstanceID)?
        for source in sources.sorted(by: \.usage, descending: true) where choice == nil {
            let excess = source.workload - average
            var least = 1_000_000.0
            for instance in model.instanceIDs(on: source.node) {
                // Without a measure nobody knows what moving it would change.
                guard !model[instance].isExcluded, model[instance].state == .active, let load = loads[instance]
                else { continue }
                if 0 <= excess - load, excess - load < least {
                    least = excess - load
                    choice = (source, instance)
                }
            }
        }
        guard let choice, let load = loads[choice.instance] else { return }

        let demand = model[choice.instance].demand
        let fitting = targets.filter { target in
            let hasRoom = model.free(of: target.node).holds(demand)
            let staysBelow = load + target.workload < threshold / 100 * size(target.node)
            if !hasRoom || !staysBelow {
                solution.explain(
                    model[target.node].subject, .rejected,
                    hasRoom
                        ? "\(model[choice.instance].uuid) would bring it to the threshold"
                        : "no room for \(model[choice.instance].uuid)")
            }
            return hasRoom && staysBelow
        }
        guard let target = fitting.min(by: { $0.usage < $1.usage }) else { return }
        try solution.move(choice.instance, in: &model, from: choice.source.node, to: target.node)
    }
}
