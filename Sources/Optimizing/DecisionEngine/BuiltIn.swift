// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
public import Optimization

/// The strategies that are built in, in the order in which a goal's first one is looked for.
public enum Strategies {
    public static let all: [any Strategy] = [
        Dummy(), DummyWithScorer(), DummyWithResize(), Actuator(), BasicConsolidation(), OutletTemperature(),
        SavingEnergy(), VMWorkloadConsolidation(), WorkloadStabilization(), WorkloadBalance(), UniformAirflow(),
        NoisyNeighbor(), StorageCapacityBalance(), ZoneMigration(), HostMaintenance(), NodeResourceConsolidation(),
    ]

    public static func named(_ name: String) -> (any Strategy)? { all.first { $0.declaration.name == name } }

    /// The first one for a goal.
    public static func forGoal(_ name: String) -> (any Strategy)? { all.first { $0.declaration.goal == name } }
}

/// The planners that are built in.
public enum Planners {
    public static let names = [
        WeightPlanner.name, WorkloadStabilizationPlanner.name, NodeResourceConsolidationPlanner.name,
    ]

    /// What an operator sets for a planner in the configuration, once for all audits.
    public static func options(of name: String) -> [Parameter] {
        func byType(_ name: String, _ fallback: JSONObject, _ help: String) -> Parameter {
            Parameter(name, .object([], isOpen: true), default: .object(fallback), help: help)
        }
        return switch name {
        case WeightPlanner.name:
            [
                byType("weights", WeightPlanner.defaultWeights, "Types of action; the heaviest are done first."),
                byType(
                    "parallelization", WeightPlanner.defaultParallelization, "How many of a type are done at a time."),
            ]
        case WorkloadStabilizationPlanner.name:
            [
                byType(
                    "weights", WorkloadStabilizationPlanner.defaultWeights,
                    "Types of action; the heaviest are done first.")
            ]
        default: []
        }
    }

    /// A planner by name, with the operator's options: `weights` and, for ``WeightPlanner``, `parallelization`.
    ///
    /// - Returns: nil for a name that isn't among ``names``.
    public static func named(
        _ name: String, options: JSONObject = [:]
    ) throws(OptimizationError) -> (any Planner)? {
        switch name {
        case WeightPlanner.name:
            try WeightPlanner(
                weights: options["weights"]?.object ?? WeightPlanner.defaultWeights,
                parallelization: options["parallelization"]?.object ?? WeightPlanner.defaultParallelization)
        case WorkloadStabilizationPlanner.name:
            try WorkloadStabilizationPlanner(
                weights: options["weights"]?.object ?? WorkloadStabilizationPlanner.defaultWeights)
        case NodeResourceConsolidationPlanner.name: NodeResourceConsolidationPlanner()
        default: nil
        }
    }
}
