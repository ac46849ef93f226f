// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Empties the nodes of the fewest promised processors, each onto a node of its own choice.
///
/// - Complexity: O(nodes² + moved instances × nodes × log nodes).
public struct NodeResourceConsolidation: Strategy {
    public init() {}

    private static let reason = "Watcher node resource consolidation strategy"

    public let declaration = StrategyDeclaration(
        name: "node_resource_consolidation", displayName: "Node Resource Consolidation strategy",
        goal: "server_consolidation", planner: "node_resource_consolidation",
        parameters: [
            Parameter(
                "host_choice", .text(), default: "auto",
                help: "auto: the scheduler chooses each destination; anything else: this strategy does.")
        ],
        options: [.datasources])

    private struct Groups {
        var free: [ModelRoot.NodeID] = []
        var sources: [ModelRoot.NodeID] = []
        var destinations: [ModelRoot.NodeID] = []
    }

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in
            let isAutomatic = context.parameters.text("host_choice") == "auto"
            let groups = group(model, &solution)
            var migrations = 0
            if !groups.sources.isEmpty {
                let disabled = (isAutomatic ? groups.free + groups.sources : []).filter {
                    model[$0].status != .disabled
                }
                for node in disabled {
                    solution.disable(model[node], reason: Self.reason, because: "no instance shall be put on it")
                }
                migrations = try move(from: groups, isAutomatic, &model, &solution)
                for node in disabled {
                    solution.add(
                        ChangeServiceState(node: model[node].uuid, hostname: model[node].actionName, to: .enabled))
                }
            }
            solution.indicators = [
                EfficacyIndicator("compute_nodes_count", Double(model.nodeCount)),
                EfficacyIndicator("released_compute_nodes_count", Double(groups.sources.count)),
                EfficacyIndicator("instance_migrations_count", Double(migrations)),
            ]
        }
    }

    private func move(
        from groups: Groups, _ isAutomatic: Bool, _ model: inout ModelRoot, _ solution: inout Solution
    ) throws -> Int {
        var migrations = 0
        for source in groups.sources {
            let instances = model.instanceIDs(on: source)
            for instance in instances.sorted(by: { Double(model[$0].vcpus ?? 0) }, descending: true) {
                guard !isAutomatic else {
                    solution.propose(instance, in: model, from: source, to: nil)
                    migrations += 1
                    continue
                }
                let demand = model[instance].demand
                let destination = groups.destinations.sorted { model.free(of: $0).vcpus }.first { node in
                    model.free(of: node).holdsInMemory(demand)
                }
                guard let destination else {
                    solution.explain(model[instance].subject, .rejected, "no destination has room for it")
                    continue
                }
                try solution.move(instance, in: &model, from: source, to: destination)
                migrations += 1
            }
        }
        return migrations
    }

    /// Looks for a destination for each node, from the least promised one on. A destination serves one source.
    private func group(_ model: ModelRoot, _ solution: inout Solution) -> Groups {
        let ordered = model.nodeIDs.sorted { Double(model.used(of: $0).vcpus) }
        var groups = Groups()
        var isDestination: Set<ModelRoot.NodeID> = []
        nodes: for node in ordered {
            if isDestination.contains(node) { break }
            guard model.used(of: node).vcpus > 0 else {
                groups.free.append(node)
                solution.explain(model[node].subject, .rejected, "it has no instances")
                continue
            }
            var servers = model.instanceIDs(on: node).map { model[$0].demand }
            for destination in ordered.reversed() {
                if model[destination].status == .disabled || isDestination.contains(destination) { continue }
                if destination == node {
                    isDestination.insert(node)
                    groups.destinations.append(node)
                    solution.explain(model[node].subject, .rejected, "no busier node is left to take its instances")
                    continue nodes
                }
                if place(&servers, in: model.free(of: destination)) {
                    isDestination.insert(destination)
                    groups.destinations.append(destination)
                    if groups.sources.last != node { groups.sources.append(node) }
                    solution.explain(
                        model[destination].subject, .rejected, "it takes instances of \(model[node].actionName)")
                }
                if servers.isEmpty { break }
            }
        }
        return groups
    }

    /// Takes away the servers that fit, and says whether any did.
    ///
    /// As in the older system, the one after each that fits is passed over.
    private func place(_ servers: inout [Resources], in free: Capacity) -> Bool {
        var free = free
        var fitted = false
        var place = 0
        while place < servers.count {
            if free.holdsInMemory(servers[place]) {
                free = free - servers.remove(at: place)
                fitted = true
            }
            place += 1
        }
        return fitted
    }
}

extension Capacity {
    /// As ``holds(_:)``, whatever the disk.
    fileprivate func holdsInMemory(_ demand: Resources) -> Bool {
        vcpus >= Double(demand.vcpus) && memory >= Double(demand.memory)
    }
}
