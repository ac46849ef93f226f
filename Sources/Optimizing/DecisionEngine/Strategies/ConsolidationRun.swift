// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

/// What instances or a node really use: processors, MiB, GiB.
private struct Load {
    var cpu = 0.0
    var ram = 0.0
    var disk = 0.0
}

/// One run of ``VMWorkloadConsolidation``.
struct ConsolidationRun {
    /// A node that can't promise more than this many MiB counts as full.
    private static let memoryMargin = 128.0

    private var model: ModelRoot
    private var solution: Solution
    /// Those that live, in the model's order. All below is by place in it.
    private let nodes: [ModelRoot.NodeID]
    private let capacities: [Capacity]
    private let hostCPU: [Double?]
    private let hostRAM: [Double?]
    /// Sums of the instances' loads, kept with each move.
    private var sums: [Load]
    /// What the moves so far add to what a node's own figures say.
    private var plannedCPU: [Double]
    private var plannedRAM: [Double]
    private let placeOf: [ModelRoot.NodeID: Int]
    private let loads: [ModelRoot.InstanceID: Load]
    private var released = 0
    private var migrations = 0

    init(_ context: StrategyContext) throws {
        let model: ModelRoot = try context.model("compute")
        let parameters = context.parameters
        func value(_ metric: String, _ kind: MetricQuery.ResourceKind, _ resource: String) -> Double? {
            // Nothing and 0 are one here: neither says anything.
            let query = MetricQuery(
                metric, kind, period: parameters.number("period"), granularity: parameters.number("granularity"))
            return context.metrics.value(of: query, for: resource).flatMap { $0 == 0 ? nil : $0 }
        }
        let nodes = model.nodeIDs.filter { model[$0].isUp }
        var loads: [ModelRoot.InstanceID: Load] = [:]
        for node in nodes {
            for instance in model.instanceIDs(on: node) {
                let uuid = model[instance].uuid
                let demand = model[instance].demand
                let vcpus = Double(demand.vcpus)
                loads[instance] = Load(
                    cpu: value("instance_cpu_usage", .instance, uuid).map { vcpus * ($0 / 100) } ?? vcpus,
                    ram: value("instance_ram_usage", .instance, uuid)
                        ?? value("instance_ram_allocated", .instance, uuid) ?? Double(demand.memory),
                    disk: value("instance_root_disk_size", .instance, uuid) ?? Double(demand.disk))
            }
        }
        hostCPU = nodes.map { node in
            value("host_cpu_usage", .computeNode, model[node].uuid).map { $0 * Double(model[node].vcpus ?? 0) / 100 }
        }
        hostRAM = nodes.map { value("host_ram_usage", .computeNode, model[$0].uuid).map { $0 / 1024 } }
        capacities = nodes.map { model[$0].capacity }
        sums = nodes.map { node in
            model.instanceIDs(on: node).reduce(into: Load()) { sum, instance in
                guard let load = loads[instance] else { return }
                sum.cpu += load.cpu
                sum.ram += load.ram
                sum.disk += load.disk
            }
        }
        plannedCPU = nodes.map { _ in 0 }
        plannedRAM = nodes.map { _ in 0 }
        placeOf = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        solution = Solution(isExplaining: context.isExplaining)
        self.loads = loads
        self.nodes = nodes
        self.model = model
    }

    private func load(_ instance: ModelRoot.InstanceID) -> Load { loads[instance] ?? Load() }

    /// The greater of what the instances use and what the node itself tells.
    private func load(of place: Int) -> Load {
        var load = sums[place]
        if let host = hostCPU[place] { load.cpu = max(load.cpu, host + plannedCPU[place]) }
        if let host = hostRAM[place] { load.ram = max(load.ram, host + plannedRAM[place]) }
        return load
    }

    private func isOverloaded(_ place: Int) -> Bool { load(of: place).cpu > capacities[place].vcpus }

    private func holds(_ instance: Load, _ demand: Resources, _ place: Int) -> Bool {
        let (node, capacity) = (load(of: place), capacities[place])
        return instance.cpu + node.cpu <= capacity.vcpus && instance.ram + node.ram <= capacity.memory
            && instance.disk + node.disk <= capacity.disk
            && (capacity - model.used(of: nodes[place])).holds(demand)
    }

    private func isSaturated(_ place: Int) -> Bool {
        let (node, capacity) = (load(of: place), capacities[place])
        let free = capacity - model.used(of: nodes[place])
        return free.vcpus <= 0 || free.memory <= Self.memoryMargin || free.disk <= 0 || node.cpu >= capacity.vcpus
            || node.ram >= capacity.memory - Self.memoryMargin || node.disk >= capacity.disk
    }

    private func placesByLoad() -> [Int] { Array(nodes.indices).sorted { load(of: $0).cpu } }

    private func instancesByLoad(on place: Int) -> [ModelRoot.InstanceID] {
        model.instanceIDs(on: nodes[place]).sorted { load($0).cpu }
    }

    private mutating func move(_ instance: ModelRoot.InstanceID, from source: Int, to destination: Int) throws {
        let kind: Migrate.Kind
        switch model[instance].state {
        case .active, .paused: kind = .live
        case .stopped: kind = .cold
        case let state:
            solution.explain(
                model[instance].subject, .rejected, "an instance in state \(state.rawValue) can't be migrated")
            return
        }
        let node = model[nodes[destination]]
        if node.status == .disabled {
            solution.add(ChangeServiceState(node: node.uuid, hostname: node.actionName, to: .enabled))
            solution.explain(node.subject, .chosen, "enabled: it takes instances")
            released -= 1
        }
        try solution.move(instance, in: &model, from: nodes[source], to: nodes[destination], kind: kind)
        migrations += 1

        let load = load(instance)
        sums[source].cpu = max(0, sums[source].cpu - load.cpu)
        sums[source].ram = max(0, sums[source].ram - load.ram)
        sums[source].disk = max(0, sums[source].disk - load.disk)
        sums[destination].cpu += load.cpu
        sums[destination].ram += load.ram
        sums[destination].disk += load.disk
        let memory = Double(model[instance].memory ?? 0)
        plannedCPU[source] -= load.cpu
        plannedRAM[source] -= memory
        plannedCPU[destination] += load.cpu
        plannedRAM[destination] += memory
    }

    mutating func relieveOverloadedNodes() throws {
        let ordered = placesByLoad()
        var saturated = nodes.map { _ in false }
        for source in ordered.reversed() where isOverloaded(source) {
            for instance in instancesByLoad(on: source) where !model[instance].isExcluded {
                let (load, demand) = (load(instance), model[instance].demand)
                for destination in ordered.reversed() where !saturated[destination] {
                    if holds(load, demand, destination) {
                        try move(instance, from: source, to: destination)
                        break
                    }
                    saturated[destination] = isSaturated(destination)
                }
                if !isOverloaded(source) { break }
            }
        }
    }

    /// An instance only moves to a node that stands after its own in the order by load: `ascending` counts from the
    /// least busy one, `descending` from the busiest.
    mutating func fillBusyNodes() throws {
        let ordered = placesByLoad()
        var saturated = nodes.map { _ in false }
        for (ascending, source) in ordered.enumerated() {
            for instance in instancesByLoad(on: source).reversed() where !model[instance].isExcluded {
                let (load, demand) = (load(instance), model[instance].demand)
                var descending = ordered.count - 1
                while descending >= 0 {
                    let destination = ordered[descending]
                    if !saturated[destination] {
                        if ascending >= descending {
                            solution.explain(
                                model[instance].subject, .rejected, "no busier node than its own has room for it")
                            break
                        }
                        if holds(load, demand, destination) {
                            try move(instance, from: source, to: destination)
                            break
                        }
                        saturated[destination] = isSaturated(destination)
                    }
                    descending -= 1
                }
            }
        }
    }

    /// Makes one move of several moves of one instance; none where it would end where it began.
    mutating func joinRepeatedMoves() throws {
        var moves: [String: [Solution.ProposedAction]] = [:]
        var repeated: [String] = []
        for action in solution.actions where action.type == Migrate.type {
            guard let uuid = action.resourceID else { continue }
            moves[uuid, default: []].append(action)
            if moves[uuid]?.count == 2 { repeated.append(uuid) }
        }
        guard !repeated.isEmpty else { return }
        let withdrawn = Set(repeated)
        solution.withdraw { $0.type == Migrate.type && withdrawn.contains($0.resourceID ?? "") }
        for uuid in repeated {
            let steps = moves[uuid] ?? []
            migrations -= steps.count
            let instance = try model.instanceID(uuid: uuid)
            guard let end = model.nodeID(of: instance), let destination = placeOf[end],
                let start = steps.first?.parameters["source_node"]?.string,
                let source = nodes.firstIndex(where: { model[$0].actionName == start }), source != destination
            else { continue }
            try model.migrate(instance, from: end, to: nodes[source])
            try move(instance, from: source, to: destination)
        }
    }

    mutating func disableEmptyNodes() {
        for (place, node) in nodes.enumerated() {
            guard model.instanceCount(on: node) == 0 else {
                let (used, capacity) = (load(of: place).cpu, capacities[place].vcpus)
                solution.explain(
                    model[node].subject, .rejected,
                    "it runs instances that use \(used.short) of \(capacity.short) vcpus")
                continue
            }
            guard model[node].status != .disabled else { continue }
            solution.disable(model[node], reason: "watcher_disabled", because: "nothing runs on it")
            released += 1
        }
    }

    var result: Solution {
        var solution = solution
        solution.model = model
        solution.indicators = [
            EfficacyIndicator("compute_nodes_count", Double(nodes.count)),
            EfficacyIndicator("released_compute_nodes_count", Double(released)),
            EfficacyIndicator("instance_migrations_count", Double(migrations)),
        ]
        return solution
    }
}
