// SPDX-License-Identifier: Apache-2.0
import Audits
import DecisionEngine
import ModelCollectors

/// Hands the goals, strategies, planners and readers of models that are linked into this program to audits.
enum OptimizingAssembly {
    static let catalog = AuditCatalog(
        goals: Goals.all, strategies: Strategies.all, plannerNames: Planners.names,
        plannerOptions: Dictionary(uniqueKeysWithValues: Planners.names.map { ($0, Planners.options(of: $0)) }),
        makePlanner: { try Planners.named($0, options: $1) }, scoringEngines: ScoringEngines.all,
        modelReaders: [ModelFile.read, InventoryFile.read],
        problem: ActionSchemas.problem)
}
