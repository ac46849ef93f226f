// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Empties nodes and pools a few at a time, as when hardware is replaced.
public struct ZoneMigration: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "zone_migration", displayName: "Zone migration", goal: "hardware_maintenance",
        parameters: [
            Parameter(
                "compute_nodes",
                .list(
                    .object([Parameter("src_node", .text(), isRequired: true), Parameter("dst_node", .text())])),
                help: "Nodes to empty, with where to."),
            Parameter(
                "storage_pools",
                .list(
                    .object(
                        [
                            Parameter("src_pool", .text(), isRequired: true), Parameter("dst_pool", .text()),
                            Parameter("src_type", .text()), Parameter("dst_type", .text()),
                        ], alternatives: ["dst_pool", "dst_type"])),
                help: "Pools to empty, with where to or into which type."),
            Parameter("parallel_total", .integer(minimum: 0), default: 6, help: "Actions in all."),
            Parameter("parallel_per_node", .integer(minimum: 0), default: 2, help: "Instances of one node."),
            Parameter("parallel_per_pool", .integer(minimum: 0), default: 2, help: "Volumes of one pool."),
            Parameter(
                "with_attached_volume", .boolean, default: false,
                help: "Move an instance together with the volumes it uses."),
            Parameter(
                "priority",
                .object([
                    Parameter("project", .list(.text())), Parameter("compute_node", .list(.text())),
                    Parameter("storage_pool", .list(.text())),
                    Parameter("compute", .text(choices: ["vcpu_num", "mem_size", "disk_size", "created_at"])),
                    Parameter("storage", .text(choices: ["size", "created_at"])),
                ]), help: "Who goes first; a key that stands earlier outweighs those after it."),
        ],
        models: ["compute", "storage"])

    public func execute(_ context: StrategyContext) throws -> Solution {
        let storage: StorageModelRoot = try context.model("storage")
        return try context.solve { model, solution in
            var run = ZoneRun(context.parameters, model, storage)
            run.migrateVolumes(&solution)
            run.migrateInstances(run.instances, &solution)
            solution.indicators = run.indicators
        }
    }
}

/// A pool to be emptied, and where to.
private struct PoolTarget {
    var source: String
    /// Only volumes of this type; nil for any.
    var type: String?
    var destinationPool: String?
    var destinationType: String?

    init(_ parameters: ParameterValues) {
        source = parameters.text("src_pool")
        type = parameters["src_type"]?.string
        destinationPool = parameters["dst_pool"]?.string
        destinationType = parameters["dst_type"]?.string
    }
}

private struct ZoneRun {
    private let model: ModelRoot
    /// By the pool to be emptied.
    private let pools: [String: [PoolTarget]]
    private let destinations: [String: String]
    private let totalLimit: Int
    private let nodeLimit: Int
    private let poolLimit: Int
    private let takesAttached: Bool

    let instances: [Instance]
    private let volumes: [Volume]
    /// The instances by UUID; empty where they aren't moved together with their volumes.
    private let targets: [String: Instance]

    private var total = 0
    private var perNode: [String: Int] = [:]
    private var perPool: [String: Int] = [:]
    private var planned: Set<String> = []
    private var plannedLive = 0
    private var plannedCold = 0
    private var plannedVolumes = 0

    init(_ parameters: ParameterValues, _ model: ModelRoot, _ storage: StorageModelRoot) {
        func entries(_ name: String) -> [ParameterValues] {
            (parameters[name]?.array ?? []).compactMap(\.object).map(ParameterValues.init)
        }
        let nodes = entries("compute_nodes")
        let pools = Dictionary(grouping: entries("storage_pools").map(PoolTarget.init), by: \.source)
        let priority = ZonePriority(parameters["priority"]?.object ?? [:])
        instances = priority.sorted(
            nodes.flatMap { node in
                model.findNode(hostname: node.text("src_node")).map { model.instances(on: $0) } ?? []
            })
        volumes = priority.sorted(
            storage.allVolumes.filter { volume in
                pools[volume.host ?? ""]?.contains { $0.type == nil || $0.type == volume.volumeType } ?? false
            })
        destinations = Dictionary(
            nodes.compactMap { node in node["dst_node"]?.string.map { (node.text("src_node"), $0) } }
        ) { first, _ in first }
        totalLimit = parameters.integer("parallel_total")
        nodeLimit = parameters.integer("parallel_per_node")
        poolLimit = parameters.integer("parallel_per_pool")
        takesAttached = parameters.boolean("with_attached_volume")
        targets = takesAttached ? Dictionary(instances.map { ($0.uuid, $0) }) { first, _ in first } : [:]
        self.model = model
        self.pools = pools
    }

    mutating func migrateVolumes(_ solution: inout Solution) {
        for volume in volumes {
            let pool = volume.host ?? ""
            guard total < totalLimit else {
                solution.explain(volume.subject, .rejected, "\(totalLimit) actions are planned already")
                continue
            }
            guard perPool[pool, default: 0] < poolLimit else {
                solution.explain(volume.subject, .rejected, "\(poolLimit) volumes of \(pool) are planned already")
                continue
            }
            guard let action = action(for: volume, in: pool) else {
                solution.explain(volume.subject, .rejected, "it has the type already, and no pool is named for it")
                continue
            }
            solution.add(action)
            solution.explain(volume.subject, .chosen, "\(action.kind.rawValue) from \(pool)")
            plannedVolumes += 1
            if takesAttached {
                migrateInstances(
                    (volume.attachments ?? []).compactMap { $0.serverID.flatMap { targets[$0] } }, &solution)
            }
            total += 1
            perPool[pool, default: 0] += 1
        }
    }

    private func action(for volume: Volume, in pool: String) -> VolumeMigrate? {
        let entries = pools[pool] ?? []
        let entry =
            entries.first { $0.type != nil && $0.type == volume.volumeType } ?? entries.first { $0.type == nil }
        if let type = entry?.destinationType, type != volume.volumeType {
            return VolumeMigrate(volume: volume.uuid, name: volume.name, kind: .retype, toType: type)
        }
        guard let destination = entry?.destinationPool else { return nil }
        return VolumeMigrate(volume: volume.uuid, name: volume.name, kind: .migrate, toPool: destination)
    }

    mutating func migrateInstances(_ instances: [Instance], _ solution: inout Solution) {
        for instance in instances where !planned.contains(instance.uuid) {
            let node = instance.host ?? ""
            guard total < totalLimit else {
                solution.explain(instance.subject, .rejected, "\(totalLimit) actions are planned already")
                continue
            }
            guard perNode[node, default: 0] < nodeLimit else {
                solution.explain(instance.subject, .rejected, "\(nodeLimit) instances of \(node) are planned already")
                continue
            }
            // An instance in another state is left, but counts as one of the few that are looked at.
            total += 1
            perNode[node, default: 0] += 1
            guard let kind = instance.migrationKind else {
                solution.explain(instance.subject, .rejected, "one in state \(instance.state.rawValue) isn't migrated")
                continue
            }
            solution.add(
                Migrate(
                    instance: instance.uuid, name: instance.name, kind: kind, from: node, to: destinations[node]))
            solution.explain(
                instance.subject, .chosen,
                "\(kind.rawValue) migration from \(node) to \(destinations[node] ?? "a node of the scheduler's choice")"
            )
            planned.insert(instance.uuid)
            if kind == .live { plannedLive += 1 } else { plannedCold += 1 }
        }
    }

    var indicators: [EfficacyIndicator] {
        var (live, cold) = (0, 0)
        for instance in instances {
            switch instance.migrationKind {
            case .live: live += 1
            case .cold: cold += 1
            case nil: break
            }
        }
        // Updates are an older name for migrations of volumes in use; both are counted as one.
        return [
            EfficacyIndicator("live_migrate_instance_count", Double(live)),
            EfficacyIndicator("planned_live_migrate_instance_count", Double(plannedLive)),
            EfficacyIndicator("cold_migrate_instance_count", Double(cold)),
            EfficacyIndicator("planned_cold_migrate_instance_count", Double(plannedCold)),
            EfficacyIndicator("volume_migrate_count", Double(volumes.count)),
            EfficacyIndicator("planned_volume_migrate_count", Double(plannedVolumes)),
            EfficacyIndicator("volume_update_count", Double(volumes.count)),
            EfficacyIndicator("planned_volume_update_count", Double(plannedVolumes)),
        ]
    }
}

/// Who goes first. Each key sorts anew, the first one last, so that it outweighs the others.
private struct ZonePriority {
    private let keys: [(name: String, value: JSONValue)]

    init(_ json: JSONObject) { keys = json.entries.reversed().map { ($0.key, $0.value) } }

    func sorted(_ instances: [Instance]) -> [Instance] {
        keys.reduce(instances) { instances, key in
            switch (key.name, key.value.string) {
            case ("project", _): instances.moved(toFront: key.value) { $0.projectID.text }
            case ("compute_node", _): instances.moved(toFront: key.value) { $0.host }
            case ("compute", "vcpu_num"): instances.sorted(by: { Double($0.vcpus ?? 0) }, descending: true)
            case ("compute", "mem_size"): instances.sorted(by: { Double($0.memory ?? 0) }, descending: true)
            case ("compute", "disk_size"): instances.sorted(by: { Double($0.disk ?? 0) }, descending: true)
            case ("compute", "created_at"): instances.sorted { Double($0.created?.microseconds ?? 0) }
            default: instances
            }
        }
    }

    func sorted(_ volumes: [Volume]) -> [Volume] {
        keys.reduce(volumes) { volumes, key in
            switch (key.name, key.value.string) {
            case ("project", _): volumes.moved(toFront: key.value) { $0.projectID.text }
            case ("storage_pool", _): volumes.moved(toFront: key.value) { $0.host }
            case ("storage", "size"): volumes.sorted(by: { Double($0.size ?? 0) }, descending: true)
            case ("storage", "created_at"): volumes.sorted { $0.createdAt ?? "" < $1.createdAt ?? "" }
            default: volumes
            }
        }
    }
}

extension Array {
    /// Those of the first value of a list first, then those of the second, and so on; others after them, as they were.
    fileprivate func moved(toFront values: JSONValue, by key: (Element) -> String?) -> [Element] {
        (values.array ?? []).reversed().reduce(self) { elements, value in
            elements.filter { key($0) == value.string } + elements.filter { key($0) != value.string }
        }
    }
}

extension Instance {
    /// How it can be moved; nil for not at all.
    fileprivate var migrationKind: Migrate.Kind? {
        switch state {
        case .active, .paused: .live
        case .stopped: .cold
        default: nil
        }
    }
}

extension Volume {
    fileprivate var subject: Explanation.Subject { .init(.volume, id: uuid, name: name) }
}
