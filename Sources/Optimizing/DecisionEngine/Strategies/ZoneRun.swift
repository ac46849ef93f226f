// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

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

/// One run of ``ZoneMigration``.
struct ZoneRun {
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
