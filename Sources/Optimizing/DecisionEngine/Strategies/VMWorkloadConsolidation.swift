// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Relieves overloaded nodes, then fills the busiest nodes from the least busy ones, by what is really used and by
/// what is promised.
///
/// - Complexity: O(instances × nodes).
public struct VMWorkloadConsolidation: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "vm_workload_consolidation", displayName: "VM Workload Consolidation Strategy",
        goal: "server_consolidation",
        parameters: [
            Parameter("period", .number(), default: 3600, help: "Seconds of measures that the load is taken of."),
            .granularity,
        ],
        options: [.datasources],
        metrics: [
            "instance_ram_allocated", "instance_cpu_usage", "instance_ram_usage", "instance_root_disk_size",
            "host_cpu_usage", "host_ram_usage",
        ])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        declaration.metrics.map { name in
            MetricQuery(
                name, name.hasPrefix("host") ? .computeNode : .instance, period: parameters.number("period"),
                granularity: parameters.number("granularity"))
        }
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        var run = try ConsolidationRun(context)
        try run.relieveOverloadedNodes()
        try run.fillBusyNodes()
        try run.joinRepeatedMoves()
        run.disableEmptyNodes()
        return run.result
    }
}
