// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization

/// A small cluster written down by what runs where: nodes of 16 processors, 16,384 MiB and 400 GiB; instances of
/// 2 processors, 2,048 MiB and 20 GiB, unless something else is said.
struct Cluster {
    var model = ModelRoot()
    var metrics = MetricTable()

    init(_ nodes: KeyValuePairs<String, [String]>) {
        for (name, instances) in nodes {
            var node = ComputeNode(uuid: "uuid-\(name)")
            node.hostname = name
            node.vcpus = 16
            node.memory = 16384
            node.disk = 400
            node.disabledReason = .null
            let id = model.add(node)
            for name in instances {
                var instance = Instance(uuid: name)
                instance.name = name
                instance.vcpus = 2
                instance.memory = 2048
                instance.disk = 20
                instance.host = node.hostname
                model.map(model.add(instance), to: id)
            }
        }
    }

    mutating func change(_ instance: String, _ change: (inout Instance) -> Void) throws {
        change(&model[try model.instanceID(uuid: instance)])
    }

    mutating func change(node: String, _ change: (inout ComputeNode) -> Void) throws {
        change(&model[try model.nodeID(hostname: node)])
    }

    /// Values of a metric by host name or instance.
    mutating func measure(_ metric: String, _ values: [String: Double]) {
        for (name, value) in values {
            metrics.set(metric, of: model.findNode(hostname: name).map { model[$0].uuid } ?? name, to: value)
        }
    }

    func solve(
        _ strategy: some Strategy, _ parameters: JSONObject = [:], options: JSONObject = [:], seed: UInt64 = 0,
        with models: [String: any Model] = [:], isExplaining: Bool = false
    ) async throws -> Solution {
        let context = try StrategyContext(
            for: strategy, parameters: parameters, options: options,
            models: models.merging(["compute": model]) { $1 }, metrics: metrics, seed: seed,
            isExplaining: isExplaining)
        return try await strategy.execute(context)
    }
}

extension Solution {
    /// Each action as one line: `live x: a -> b`, `disabled a`.
    var lines: [String] {
        actions.map { action in
            func text(_ name: String) -> String { action.parameters[name]?.string ?? "" }
            switch action.type {
            case "migrate":
                return
                    "\(text("migration_type")) \(text("resource_id")): \(text("source_node")) -> \(text("destination_node"))"
            case "change_nova_service_state": return "\(text("state")) \(text("resource_name"))"
            case "change_node_power_state": return "\(text("state")) \(text("resource_name"))"
            case "volume_migrate":
                return
                    "\(text("migration_type")) \(text("resource_id")) -> \(text("destination_node"))\(text("destination_type"))"
            default: return "\(action.type) \(text("resource_id"))"
            }
        }
    }

    func figure(_ name: String) -> Double? { indicators.first { $0.name == name }?.value }
}
