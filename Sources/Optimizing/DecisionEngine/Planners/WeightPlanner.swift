// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
public import Optimization

/// Does actions of greater weight first, a few of one weight at a time.
public struct WeightPlanner: Planner {
    public static let name = "weight"
    public static let defaultWeights: JSONObject = [
        "nop": 70, "volume_migrate": 60, "change_nova_service_state": 50, "sleep": 40, "stop": 35, "migrate": 30,
        "resize": 20, "turn_host_to_acpi_s3_state": 10, "change_node_power_state": 9,
    ]
    public static let defaultParallelization: JSONObject = [
        "turn_host_to_acpi_s3_state": 2, "resize": 2, "migrate": 2, "sleep": 1, "change_nova_service_state": 1,
        "nop": 1, "stop": 2, "change_node_power_state": 2, "volume_migrate": 2,
    ]

    private let weights: [String: Weight]
    /// By weight: how many at a time.
    private let chunks: [Weight: Int]

    /// - Parameters:
    ///   - weights: by type of action. Texts, as the older system reads them from its file, are compared as texts.
    ///   - parallelization: how many of a type may be done at a time; below 1 counts as 1. Where two types have one
    ///     weight, the last one's counts for both.
    public init(
        weights: JSONObject = defaultWeights, parallelization: JSONObject = defaultParallelization
    ) throws(OptimizationError) {
        var read: [String: Weight] = [:]
        var chunks: [Weight: Int] = [:]
        for entry in weights.entries {
            let weight = try Weight(entry.value, of: entry.key)
            read[entry.key] = weight
            guard let value = parallelization[entry.key] else { continue }
            guard let count = value.integer ?? value.string.flatMap({ Int($0) }) else {
                throw .invalidValue("parallelization of \(entry.key) is \(value.json); allowed: a whole number")
            }
            chunks[weight] = min(max(1, count), 1_000_000)
        }
        self.weights = read
        self.chunks = chunks
    }

    public func plan(_ actions: [Solution.ProposedAction]) throws -> ActionPlan {
        var groups: [Weight: [Solution.ProposedAction]] = [:]
        for action in actions { groups[try weights.weight(of: action), default: []].append(action) }

        var planned: [ActionPlan.PlannedAction] = []
        var previous: [Int] = []
        for (weight, group) in groups.sorted(by: { $0.key > $1.key }) {
            let size = chunks[weight] ?? 1
            for start in stride(from: 0, to: group.count, by: size) {
                let chunk = group[start..<min(start + size, group.count)]
                let first = planned.count
                for action in chunk { planned.append(.init(action, parents: previous)) }
                previous = Array(first..<planned.count)
            }
        }
        return ActionPlan(actions: planned)
    }
}

/// What decides which actions come first.
enum Weight: Hashable, Comparable {
    case number(Double)
    case text(String)

    init(_ value: JSONValue, of type: String) throws(OptimizationError) {
        if let number = value.number {
            self = .number(number)
        } else if let text = value.string {
            self = .text(text)
        } else {
            throw .invalidValue("weight of \(type) is \(value.json); allowed: a number")
        }
    }
}

extension [String: Weight] {
    func weight(of action: Solution.ProposedAction) throws(OptimizationError) -> Weight {
        guard let weight = self[action.type] else {
            throw .unsupportedAction(
                "no weight for \(action.type); there are weights for \(keys.sorted().joined(separator: ", "))")
        }
        return weight
    }
}
