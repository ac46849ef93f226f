// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves instances off a node whose fans blow too hard: all of them where neither inlet temperature nor power
/// explain it, for then its hardware may be failing, else one.
///
/// - Complexity: O(nodes × log nodes + instances of one node × nodes).
public struct UniformAirflow: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "uniform_airflow", displayName: "Uniform airflow migration strategy", goal: "airflow_optimization",
        parameters: [
            Parameter("threshold_airflow", .number(), default: 400.0, help: "0.1 CFM from which it is too much."),
            Parameter("threshold_inlet_t", .number(), default: 28.0, help: "Degrees Celsius."),
            Parameter("threshold_power", .number(), default: 350.0, help: "Watts."),
            Parameter("period", .number(), default: 300, help: "Seconds of measures."),
            .granularity,
        ],
        options: [.datasources], metrics: ["host_airflow", "host_inlet_temp", "host_power"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        declaration.metrics.map { name in
            MetricQuery(
                name, .computeNode, period: parameters.number("period"), granularity: parameters.number("granularity"))
        }
    }

    private struct Host {
        var node: ModelRoot.NodeID
        var airflow: Double
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in try decide(context, &model, &solution) }
    }

    private func decide(_ context: StrategyContext, _ model: inout ModelRoot, _ solution: inout Solution) throws {
        let queries = queries(context.parameters)
        let threshold = context.parameters.number("threshold_airflow")
        var sources: [Host] = []
        var targets: [Host] = []
        for node in model.nodeIDs where model[node].isAvailable {
            let airflow = context.metrics.value(of: queries[0], for: model[node].uuid)
            solution.explain(
                model[node].subject, .rejected,
                airflow.map { "airflow \($0.short), \($0 >= threshold ? "from" : "below") \(threshold.short)" }
                    ?? "no value of host_airflow")
            guard let airflow else { continue }
            let host = Host(node: node, airflow: airflow)
            if airflow >= threshold { sources.append(host) } else { targets.append(host) }
        }
        guard !sources.isEmpty, !targets.isEmpty else { return }

        for source in sources.sorted(by: \.airflow, descending: true) {
            let instances = model.instanceIDs(on: source.node)
            guard !instances.isEmpty else { continue }
            let uuid = model[source.node].uuid
            func figure(_ query: MetricQuery) throws(OptimizationError) -> Double {
                guard let value = context.metrics.value(of: query, for: uuid) else {
                    throw .metricMissing(metric: query.metric, resource: model[source.node].actionName)
                }
                return value
            }
            let (inlet, power) = (try figure(queries[1]), try figure(queries[2]))
            let isUnexplained =
                power < context.parameters.number("threshold_power")
                && inlet < context.parameters.number("threshold_inlet_t")
            let chosen = isUnexplained ? instances : instances.first { model[$0].canBeMovedLive }.map { [$0] } ?? []
            guard !chosen.isEmpty else { continue }
            solution.explain(
                model[source.node].subject, .chosen,
                "inlet \(inlet.short) °C, \(power.short) W: \(chosen.count) of \(instances.count) instances shall go")
            try place(chosen, from: source.node, on: targets, &model, &solution)
            break
        }
    }

    /// Moves all of them, the largest first, or none.
    private func place(
        _ instances: [ModelRoot.InstanceID], from source: ModelRoot.NodeID, on targets: [Host],
        _ model: inout ModelRoot, _ solution: inout Solution
    ) throws {
        let ordered = targets.sorted(by: \.airflow).map(\.node)
        // What is there in hardware: reserved parts and over-commitment don't count here.
        var free = ordered.map { node in
            Resources(
                vcpus: model[node].vcpus ?? 0, memory: model[node].memory ?? 0, disk: model[node].disk ?? 0)
                - model.used(of: node)
        }
        var moves: [(ModelRoot.InstanceID, ModelRoot.NodeID)] = []
        for instance in instances.sorted(by: { Double(model[$0].vcpus ?? 0) }, descending: true) {
            let demand = model[instance].demand
            let place = free.firstIndex {
                $0.vcpus >= demand.vcpus && $0.disk >= demand.disk && $0.memory >= demand.memory
            }
            guard let place else {
                solution.explain(model[instance].subject, .rejected, "no node has room for it, so that none is moved")
                return
            }
            free[place] = free[place] - demand
            moves.append((instance, ordered[place]))
        }
        for (instance, destination) in moves {
            try solution.move(instance, in: &model, from: source, to: destination)
        }
    }
}
