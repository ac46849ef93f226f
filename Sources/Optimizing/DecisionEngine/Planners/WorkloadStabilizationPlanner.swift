// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
public import Optimization

/// Does actions of greater weight first, and makes those wait that need what others leave behind: a resize for the
/// instance's migrations, a host's sleep for its instances' departure.
public struct WorkloadStabilizationPlanner: Planner {
    public static let name = "workload_stabilization"
    public static let defaultWeights: JSONObject = [
        "turn_host_to_acpi_s3_state": 0, "resize": 1, "migrate": 2, "sleep": 3, "change_nova_service_state": 4,
        "nop": 5,
    ]

    private let weights: [String: Weight]

    /// - Parameter weights: by type of action, as for ``WeightPlanner``.
    public init(weights: JSONObject = defaultWeights) throws(OptimizationError) {
        var read: [String: Weight] = [:]
        for entry in weights.entries { read[entry.key] = try Weight(entry.value, of: entry.key) }
        self.weights = read
    }

    public func plan(_ actions: [Solution.ProposedAction]) throws -> ActionPlan {
        var weighted: [(weight: Weight, action: Solution.ProposedAction)] = []
        for action in actions { weighted.append((try weights.weight(of: action), action)) }

        var planned: [ActionPlan.PlannedAction] = []
        /// The migrations of an instance, and those off a node, by either's name.
        var migrations: [String: [Int]] = [:]
        for (_, action) in weighted.sorted(by: { $0.weight > $1.weight }) {
            var parents: [Int]?
            switch action.type {
            case Migrate.type:
                for name in [action.resourceID, action.parameters["source_node"]?.string] {
                    if let name { migrations[name, default: []].append(planned.count) }
                }
            case Resize.type, "turn_host_to_acpi_s3_state":
                parents = action.resourceID.flatMap { migrations[$0] }
            case Nop.type, Sleep.type, ChangeServiceState.type: break
            default:
                throw OptimizationError.unsupportedAction("planner \(Self.name) has no place for \(action.type)")
            }
            planned.append(.init(action, parents: parents))
        }
        return ActionPlan(actions: planned)
    }
}
