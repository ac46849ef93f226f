// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Moves volumes from pools that are too full to those that are not, or gives them a type that leads there.
///
/// - Complexity: O(volumes × pools × log pools).
public struct StorageCapacityBalance: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "storage_capacity_balance", displayName: "Storage Capacity Balance Strategy", goal: "workload_balancing",
        planner: "workload_stabilization",
        parameters: [
            Parameter("volume_threshold", .number(), default: 80.0, help: "Percent from which a pool is too full.")
        ],
        options: [
            .datasources,
            Parameter("ex_pools", .list(.text()), default: ["local_vstorage"], help: "Pools to leave as they are."),
        ],
        models: ["block_storage"])

    public func execute(_ context: StrategyContext) throws -> Solution {
        let inventory: BlockStorageInventory = try context.model("block_storage")
        var solution = Solution(isExplaining: context.isExplaining)
        let threshold = context.parameters.number("volume_threshold") / 100
        let left = (context.options["ex_pools"]?.array ?? []).compactMap(\.string)
        let pools = inventory.pools.filter { !left.contains($0.poolName) }
        let snapshots = Set(inventory.volumesWithSnapshots)
        let volumes = inventory.volumes.filter { volume in
            !snapshots.contains(volume.id) && ["available", "in-use"].contains(volume.status)
                && (volume.migrationStatus == nil || volume.migrationStatus == "success")
        }
        func isFull(_ pool: BlockStorageInventory.Pool) -> Bool { pool.total - pool.free >= pool.total * threshold }
        for pool in pools {
            solution.explain(
                .init(.pool, id: pool.name), isFull(pool) ? .chosen : .rejected,
                "\((pool.total - pool.free).short) of \(pool.total.short) GiB used, threshold \((threshold * 100).short) %"
            )
        }
        var placement = Placement(
            pools: pools.filter { !isFull($0) }, types: inventory.types, threshold: threshold)
        for pool in pools where isFull(pool) {
            placement.relieve(pool, of: volumes.filter { $0.host == pool.name }, &solution)
        }
        solution.indicators = [
            EfficacyIndicator("instance_migrations_count", 0), EfficacyIndicator("instances_count", 0),
        ]
        return solution
    }
}

/// Where volumes go, and how much is free there meanwhile.
private struct Placement {
    var pools: [BlockStorageInventory.Pool]
    let types: [BlockStorageInventory.VolumeType]
    let threshold: Double

    /// Volumes that nobody uses first, then those nobody boots from; small ones first. All retypes come before all
    /// migrations.
    mutating func relieve(
        _ source: BlockStorageInventory.Pool, of volumes: [BlockStorageInventory.Volume], _ solution: inout Solution
    ) {
        var retypes: [VolumeMigrate] = []
        var migrations: [VolumeMigrate] = []
        var used = source.total - source.free
        let passes: [(BlockStorageInventory.Volume) -> Bool] = [
            { $0.status == "available" }, { $0.status == "in-use" && !$0.isBootable },
            { $0.status == "in-use" && $0.isBootable },
        ]
        passes: for pass in passes {
            for volume in volumes.filter(pass).sorted(by: \.size) {
                if used < source.total * threshold { break passes }
                if volume.type == nil {
                    guard let pool = migrationTarget(volume) else {
                        solution.explain(volume.subject, .rejected, "no pool has room for it")
                        continue
                    }
                    migrations.append(
                        VolumeMigrate(volume: volume.id, name: volume.name, kind: .migrate, toPool: pool))
                } else {
                    guard let type = retypeTarget(volume) else {
                        solution.explain(volume.subject, .rejected, "no pool with room for it has a type like its own")
                        continue
                    }
                    retypes.append(VolumeMigrate(volume: volume.id, name: volume.name, kind: .retype, toType: type))
                }
                solution.explain(volume.subject, .chosen, "\(volume.size.short) GiB leave \(source.name)")
                used -= volume.size
            }
        }
        for action in retypes + migrations { solution.add(action) }
    }

    /// Those with room for a volume, the emptiest first.
    private mutating func places(for volume: BlockStorageInventory.Volume) -> [Int] {
        pools = pools.sorted { $0.free / $0.total }
        return pools.indices.reversed().filter { place in
            let pool = pools[place]
            return pool.total * pool.overSubscription >= pool.allocated + volume.size
                && pool.free - volume.size > (1 - threshold) * pool.total
        }
    }

    private mutating func migrationTarget(_ volume: BlockStorageInventory.Volume) -> String? {
        guard let place = places(for: volume).first else { return nil }
        pools[place].free -= volume.size
        return pools[place].name
    }

    private mutating func retypeTarget(_ volume: BlockStorageInventory.Volume) -> String? {
        guard let type = types.first(where: { $0.name == volume.type }) else { return nil }
        for place in places(for: volume) {
            let target = types.first { other in
                other.backend == pools[place].backend && other.name != type.name && other.promises(all: type)
            }
            guard let target else { continue }
            pools[place].free -= volume.size
            return target.name
        }
        return nil
    }
}
