// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves instances so that the standard deviation of the nodes' loads falls below a threshold.
///
/// - Complexity: O(instances × nodes), whatever the choice of hosts: `fullsearch` estimates most moves in
///   constant time.
public struct WorkloadStabilization: MetricPlanning {
    public init() {}

    static let metricNames = ["instance_cpu_usage", "instance_ram_usage"]

    public let declaration = StrategyDeclaration(
        name: "workload_stabilization", displayName: "Workload stabilization", goal: "workload_balancing",
        planner: "workload_stabilization",
        parameters: [
            Parameter(
                "metrics", .list(.text(choices: metricNames)), default: ["instance_cpu_usage"],
                help: "By what load is measured; the first one above its threshold starts the work."),
            Parameter(
                "thresholds", .object(metricNames.map { Parameter($0, .number(minimum: 0, maximum: 1)) }, isOpen: true),
                default: ["instance_cpu_usage": 0.1, "instance_ram_usage": 0.1],
                help: "Standard deviation above which there is something to do, by metric."),
            Parameter(
                "weights",
                .object(metricNames.map { Parameter("\($0)_weight", .number(minimum: 0, maximum: 1)) }, isOpen: true),
                default: ["instance_cpu_usage_weight": 1.0, "instance_ram_usage_weight": 1.0],
                help: "What each metric's deviation counts for in the sum that is made smaller."),
            Parameter(
                "instance_metrics", .object([], isOpen: true),
                default: ["instance_cpu_usage": "host_cpu_usage", "instance_ram_usage": "host_ram_usage"],
                help: "The metric of the node that belongs to each metric of its instances."),
            Parameter(
                "host_choice", .text(choices: ["retry", "cycle", "fullsearch"]), default: "retry",
                help: "Destinations tried for an instance: some at random, the next one in turn, or all."),
            Parameter("retry_count", .number(minimum: 1), default: 1, help: "How many are tried by `retry`."),
            Parameter(
                "periods",
                .object([
                    Parameter("instance", .integer(minimum: 0)), Parameter("compute_node", .integer(minimum: 0)),
                    Parameter("node", .integer(minimum: 0), default: 0),
                ]), default: ["instance": 720, "compute_node": 600, "node": 0],
                help: "Seconds of measures; node counts in place of compute_node where it isn't 0."),
            .aggregationMethod,
            Parameter("granularity", .number(minimum: 0), default: 300, help: "Seconds between two measures."),
        ],
        options: [.datasources],
        metrics: ["host_cpu_usage", "instance_cpu_usage", "instance_ram_usage", "host_ram_usage"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        let goal = StabilizationGoal(parameters)
        return goal.metrics.flatMap { [$0.host, $0.instance] }
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        var run = try StabilizationRun(context)
        try run.execute()
        return run.result
    }
}

/// What is measured, and how much of it is too much.
struct StabilizationGoal {
    struct Metric {
        var instance: MetricQuery
        var host: MetricQuery
        var threshold: Double
        var weight: Double

        var isCPU: Bool { instance.metric == "instance_cpu_usage" }
    }

    var metrics: [Metric]

    /// What a nested object leaves out is as in the declaration's default, where the older system fails.
    init(_ parameters: ParameterValues) {
        let periods = parameters.object("periods")
        let aggregates = parameters.object("aggregation_method")
        let granularity = parameters.number("granularity")
        let nodePeriod = periods.integer("node")
        let nodeAggregate = aggregates.text("node")
        let names = (parameters["metrics"]?.array ?? []).compactMap(\.string)
        metrics = names.map { name in
            let host = parameters.object("instance_metrics")[name]?.string
            return Metric(
                instance: MetricQuery(
                    name, .instance, period: periods["instance"]?.number ?? 720, aggregate: aggregates.text("instance"),
                    granularity: granularity),
                host: MetricQuery(
                    host ?? name.replacingPrefix("instance", with: "host"), .computeNode,
                    period: nodePeriod != 0 ? Double(nodePeriod) : periods["compute_node"]?.number ?? 600,
                    aggregate: nodeAggregate.isEmpty ? aggregates.text("compute_node") : nodeAggregate,
                    granularity: granularity),
                threshold: parameters.object("thresholds")[name]?.number ?? 0.1,
                weight: parameters.object("weights")["\(name)_weight"]?.number ?? 1)
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
