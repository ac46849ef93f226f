// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import ModelCollectors
import Optimization

/// What is done with models apart from deciding.
enum ModelOperations {
    static func all(_ cluster: GeneratedCluster) throws -> [Operation] {
        let model = cluster.model
        let nodes = model.allNodes
        let instances = model.instanceIDs.map { (model[$0], model.nodeID(of: $0)) }
        let xml = model.xml
        return [
            Operation(name: "model: build", reference: "_build") {
                var built = ModelRoot()
                for node in nodes { built.add(node) }
                for (instance, node) in instances {
                    let id = built.add(instance)
                    if let node { built.map(id, to: node) }
                }
                return "\(built.instanceCount) instances"
            },
            Operation(name: "model: XML out", reference: "_to_string") { "\(model.xml.utf8.count) bytes" },
            Operation(name: "model: XML in", reference: "_from_xml") {
                "\(try ModelRoot(xml: xml).instanceCount) instances"
            },
            Operation(name: "model: copy and 1,000 migrations", reference: "_deepcopy") {
                var copy = model
                let ids = copy.nodeIDs
                for (place, id) in copy.instanceIDs.prefix(1000).enumerated() {
                    guard let source = copy.nodeID(of: id) else { continue }
                    try copy.migrate(id, from: source, to: ids[place % ids.count])
                }
                return "\(copy.instanceCount) instances"
            },
        ]
    }
}

/// Every strategy that is worth measuring, with the parameters that Watcher's figures were made with or like them.
enum StrategyRuns {
    static func all(_ cluster: GeneratedCluster) throws -> [Operation] {
        let models: [String: any Model] = [
            "compute": cluster.model, "storage": cluster.storage, "metal": cluster.metal,
            "block_storage": try BlockStorageInventory(json: cluster.blockStorage),
        ]
        func operation(
            _ strategy: String, _ parameters: JSONObject = [:], named reference: String? = nil
        ) throws -> Operation {
            guard let strategy = Strategies.named(strategy) else { throw OptimizationError.notFound(strategy) }
            let context = try context(for: strategy, parameters, models, cluster.metrics)
            let name = reference ?? strategy.declaration.name
            return Operation(name: name, reference: name) {
                let solution = try await strategy.execute(context)
                return "\(solution.actions.count) actions"
            }
        }
        let thresholds: JSONValue = ["instance_cpu_usage": 0.01, "instance_ram_usage": 0.01]
        return [
            try operation("basic"),
            try operation("vm_workload_consolidation"),
            try operation("workload_balance"),
            try operation("workload_stabilization", ["host_choice": "cycle", "thresholds": thresholds]),
            try operation(
                "workload_stabilization", ["host_choice": "fullsearch", "thresholds": thresholds],
                named: "workload_stabilization_fullsearch"),
            try operation("noisy_neighbor"),
            try operation("outlet_temperature"),
            try operation("uniform_airflow"),
            try operation("saving_energy"),
            try operation("storage_capacity_balance"),
            try operation(
                "zone_migration",
                [
                    "compute_nodes": .array(
                        cluster.model.allNodes.prefix(100).map { ["src_node": .string($0.hostname ?? "")] }),
                    "storage_pools": .array(
                        cluster.storage.allPools.prefix(50).map {
                            ["src_pool": .string($0.name), "dst_pool": "elsewhere"]
                        }),
                    "parallel_total": 200, "priority": ["compute": "mem_size", "storage": "size"],
                ]),
            try operation("host_maintenance", ["maintenance_node": "compute-0"]),
            try operation("node_resource_consolidation", ["host_choice": "specify"]),
            try operation("node_resource_consolidation", named: "node_resource_consolidation_auto"),
            try operation("dummy"),
            try operation("actuator", ["actions": []]),
        ]
    }

    private static func context(
        for strategy: some Strategy, _ parameters: JSONObject, _ models: [String: any Model],
        _ metrics: any MetricReader
    ) throws -> StrategyContext {
        try StrategyContext(for: strategy, parameters: parameters, models: models, metrics: metrics)
    }
}
