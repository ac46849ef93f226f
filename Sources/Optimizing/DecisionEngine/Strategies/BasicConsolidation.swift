// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Empties the least loaded nodes onto the most loaded ones that still have room, and disables what it emptied.
///
/// - Complexity: O(instances × nodes); a node is tried again as long as something leaves it.
public struct BasicConsolidation: MetricPlanning {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "basic", displayName: "Basic offline consolidation", goal: "server_consolidation",
        parameters: [
            Parameter("migration_attempts", .number(), default: 0, help: "Nodes that may be tried in vain; 0: all."),
            Parameter("period", .number(), default: 7200, help: "Seconds of measures that the load is taken of."),
            Parameter("granularity", .number(), default: 300, help: "Seconds between two measures."),
            .aggregationMethod,
        ],
        options: [
            .datasources,
            Parameter(
                "check_optimize_metadata", .boolean, default: false,
                help: "Move only instances without metadata, or whose metadata say `optimize`."),
        ],
        metrics: ["host_cpu_usage", "instance_cpu_usage"])

    public func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        let query = Queries(parameters)
        return [query.host, query.instance]
    }

    private struct Queries {
        var host: MetricQuery
        var instance: MetricQuery

        init(_ parameters: ParameterValues) {
            let aggregates = parameters.object("aggregation_method")
            let (period, granularity) = (parameters.number("period"), parameters.number("granularity"))
            let node = aggregates.text("node")
            host = MetricQuery(
                "host_cpu_usage", .computeNode, period: period,
                aggregate: node.isEmpty ? aggregates.text("compute_node") : node, granularity: granularity)
            instance = MetricQuery(
                "instance_cpu_usage", .instance, period: period, aggregate: aggregates.text("instance"),
                granularity: granularity)
        }
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in try consolidate(context, &model, &solution) }
    }

    private func consolidate(_ context: StrategyContext, _ model: inout ModelRoot, _ solution: inout Solution) throws {
        let queries = Queries(context.parameters)
        let attempts = context.parameters.number("migration_attempts")
        let checksMetadata = context.options.boolean("check_optimize_metadata")

        let nodes = model.nodeIDs.filter { model[$0].isUp }
        let enabled = nodes.count { model[$0].status == .enabled }
        var candidates = nodes.filter { model.instanceCount(on: $0) > 0 }.sorted(
            by: { node in
                let usage = context.metrics.value(of: queries.host, for: model[node].uuid) ?? 100
                let weight = Fullness(model[node])
                let score = weight.score(usedVCPUs: weight.vcpus * (usage / 100))
                solution.explain(
                    model[node].subject, .rejected, "\(usage.short) % of its processors used, score \(score)")
                return score
            }, descending: true)
        var scores: [ModelRoot.InstanceID: Double] = [:]
        func score(_ instance: ModelRoot.InstanceID) -> Double {
            if let known = scores[instance] { return known }
            let usage = context.metrics.value(of: queries.instance, for: model[instance].uuid) ?? 100
            let weight = Fullness(model[instance])
            let score = weight.score(usedVCPUs: weight.vcpus * (usage / 100))
            scores[instance] = score
            return score
        }

        var released = 0
        var migrations = 0
        var unsuccessful = 0
        while let source = candidates.last, attempts == 0 || attempts >= Double(unsuccessful) {
            var moved = 0
            let instances = model.instanceIDs(on: source).filter {
                model[$0].state == .active && (!checksMetadata || model[$0].wantsToBeOptimized)
            }
            for instance in instances.sorted(by: score, descending: true) where !model[instance].isExcluded {
                let demand = model[instance].demand
                guard let destination = candidates.first(where: { $0 != source && model.free(of: $0).holds(demand) })
                else {
                    solution.explain(
                        model[instance].subject, .rejected, "no room for it on \(candidates.count - 1) other nodes")
                    continue
                }
                try solution.move(instance, in: &model, from: source, to: destination)
                moved += 1
                if model.instanceCount(on: source) == 0 {
                    solution.disable(model[source], reason: "watcher_disabled", because: "nothing runs on it any more")
                    released += 1
                }
            }
            migrations += moved
            if moved > 0 {
                unsuccessful = 0
            } else {
                unsuccessful += 1
                candidates.removeLast()
            }
        }
        solution.indicators = [
            EfficacyIndicator("compute_nodes_count", Double(enabled)),
            EfficacyIndicator("released_compute_nodes_count", Double(released)),
            EfficacyIndicator("instance_migrations_count", Double(migrations)),
        ]
    }
}

/// How full something is, as one number.
private struct Fullness {
    let vcpus: Double
    private let memory: Double
    private let disk: Double

    init(_ node: ComputeNode) {
        vcpus = Double(node.vcpus ?? 0)
        memory = Double(node.memory ?? 0)
        disk = Double(node.disk ?? 0)
    }

    init(_ instance: Instance) {
        vcpus = Double(instance.vcpus ?? 0)
        memory = Double(instance.memory ?? 0)
        disk = Double(instance.disk ?? 0)
    }

    /// Written out as it is because ties depend on how it is rounded; memory and disk count as free.
    func score(usedVCPUs: Double) -> Double {
        let cores = 1 - (vcpus - usedVCPUs) / vcpus
        let disk = disk == 0 ? 0 : 1 - (disk - 0) / disk
        let memory = 1 - (memory - 0) / memory
        return (cores + disk + memory) / 3
    }
}

extension Instance {
    /// No metadata at all, or `optimize` among them with a word for yes.
    fileprivate var wantsToBeOptimized: Bool {
        guard let metadata, !metadata.isEmpty else { return true }
        switch metadata["optimize"] {
        case .bool(let bool): return bool
        case .integer(let integer): return integer == 1
        case .string(let text):
            return ["t", "true", "on", "y", "yes", "1"].contains(text.trimmedLowercase)
        default: return false
        }
    }
}

extension String {
    fileprivate var trimmedLowercase: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()).lowercased()
    }
}
