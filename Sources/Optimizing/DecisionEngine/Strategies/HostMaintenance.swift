// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Empties one node, which is then free for maintenance.
///
/// - Complexity: O(instances of the node).
public struct HostMaintenance: Strategy {
    public init() {}

    private static let reason = "watcher_maintaining"

    public let declaration = StrategyDeclaration(
        name: "host_maintenance", displayName: "Host Maintenance Strategy", goal: "cluster_maintaining",
        parameters: [
            Parameter("maintenance_node", .text(), isRequired: true, help: "Host name of the node to empty."),
            Parameter("backup_node", .text(), help: "Host name of the node that takes its instances."),
            Parameter("disable_live_migration", .boolean, default: false, help: "Move running instances cold."),
            Parameter(
                "disable_cold_migration", .boolean, default: false,
                help: "Move no instance cold; together with disable_live_migration, stop those that run."),
        ])

    public func execute(_ context: StrategyContext) throws -> Solution {
        try context.solve { model, solution in
            let source = try model.nodeID(hostname: context.parameters.text("maintenance_node"))
            let node = model[source]
            var destination: ModelRoot.NodeID?
            if model.instanceCount(on: source) > 0 || node.disabledReason.text == Self.reason {
                destination = try backup(for: source, in: model, context, &solution)
            }
            if let destination, model[destination].status != .enabled {
                let backup = model[destination]
                solution.add(ChangeServiceState(node: backup.uuid, hostname: backup.actionName, to: .enabled))
                solution.explain(backup.subject, .chosen, "enabled: it takes the instances")
            }
            solution.disable(node, reason: Self.reason, because: "it is to be maintained")
            for instance in model.instanceIDs(on: source) {
                handle(instance, of: source, destination, model, context, &solution)
            }
        }
    }

    /// The backup node, if there is one and it has room for all processors and memory in use.
    private func backup(
        for source: ModelRoot.NodeID, in model: ModelRoot, _ context: StrategyContext, _ solution: inout Solution
    ) throws -> ModelRoot.NodeID? {
        guard let name = context.parameters["backup_node"]?.string else { return nil }
        let backup = try model.nodeID(hostname: name)
        let (used, free) = (model.used(of: source), model.free(of: backup))
        guard Double(used.vcpus) <= free.vcpus, Double(used.memory) <= free.memory else {
            solution.explain(
                model[backup].subject, .rejected,
                "\(free.vcpus.short) vcpus and \(free.memory.short) MiB are free, \(used.vcpus) and \(used.memory) needed"
            )
            return nil
        }
        return backup
    }

    private func handle(
        _ instance: ModelRoot.InstanceID, of source: ModelRoot.NodeID, _ destination: ModelRoot.NodeID?,
        _ model: ModelRoot, _ context: StrategyContext, _ solution: inout Solution
    ) {
        let isLiveOff = context.parameters.boolean("disable_live_migration")
        let isColdOff = context.parameters.boolean("disable_cold_migration")
        switch (model[instance].state == .active, isLiveOff, isColdOff) {
        case (true, true, true):
            solution.add(Stop(instance: model[instance].uuid))
            solution.explain(model[instance].subject, .chosen, "stopped: no kind of migration is allowed")
        case (true, false, _):
            solution.propose(instance, in: model, from: source, to: destination, kind: .live)
        case (true, true, false), (false, _, false):
            solution.propose(instance, in: model, from: source, to: destination, kind: .cold)
        case (false, _, true):
            solution.explain(model[instance].subject, .rejected, "it isn't active, and no cold migration is allowed")
        }
    }
}
