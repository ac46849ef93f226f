// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
public import Optimization

/// Disables all nodes first, then empties each one instance after the other, all nodes at a time, and enables them
/// at the end.
public struct NodeResourceConsolidationPlanner: Planner {
    public static let name = "node_resource_consolidation"

    public init() {}

    public func plan(_ actions: [Solution.ProposedAction]) throws -> ActionPlan {
        var disables: [Solution.ProposedAction] = []
        var enables: [Solution.ProposedAction] = []
        var sources: [String] = []
        var migrations: [String: [Solution.ProposedAction]] = [:]
        for action in actions {
            switch (action.type, action.parameters["state"]?.string) {
            case (Migrate.type, _):
                let source = action.parameters["source_node"]?.string ?? ""
                if migrations[source] == nil { sources.append(source) }
                migrations[source, default: []].append(action)
            case (ChangeServiceState.type, "disabled"): disables.append(action)
            case (ChangeServiceState.type, "enabled"): enables.append(action)
            default:
                throw OptimizationError.unsupportedAction("planner \(Self.name) has no place for \(action.type)")
            }
        }
        var planned = disables.map { ActionPlan.PlannedAction($0, parents: nil) }
        var lasts: [Int] = []
        for source in sources {
            var previous: [Int] = []
            for action in migrations[source] ?? [] {
                planned.append(.init(action, parents: Array(disables.indices) + previous))
                previous = [planned.count - 1]
            }
            lasts += previous
        }
        for action in enables { planned.append(.init(action, parents: lasts)) }
        return ActionPlan(actions: planned)
    }
}
