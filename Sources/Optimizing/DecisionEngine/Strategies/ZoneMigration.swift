// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Empties nodes and pools a few at a time, as when hardware is replaced.
///
/// - Complexity: O(instances × log instances + volumes × log volumes).
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
