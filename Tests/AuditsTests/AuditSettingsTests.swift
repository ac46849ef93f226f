// SPDX-License-Identifier: Apache-2.0
import Audits
import ClusterModel
import DecisionEngine
import ModelCollectors
import Optimization
import Settings
import Testing

@Suite struct AuditSettingsTests {
    private var catalog = AuditCatalog(
        goals: Goals.all, strategies: Strategies.all, plannerNames: Planners.names,
        plannerOptions: Dictionary(uniqueKeysWithValues: Planners.names.map { ($0, Planners.options(of: $0)) }),
        makePlanner: { try Planners.named($0, options: $1) }, modelReaders: [ModelFile.read])

    private mutating func settings(_ text: String) throws -> AuditSettings {
        let document = try INIDocument(path: "h.conf", text: text)
        return try AuditSettings(Configuration(documents: [document], environment: [:]), &catalog)
    }

    @Test mutating func goalsLeadToStrategiesAsInTheOlderSystemsFile() throws {
        _ = try settings("[watcher_goals]\ngoals = BALANCE_LOAD:basic,MINIMIZE_ENERGY_CONSUMPTION:dummy\n")
        #expect(try catalog.strategy(forGoal: "BALANCE_LOAD").declaration.name == "basic")
        #expect(try catalog.strategy(forGoal: "MINIMIZE_ENERGY_CONSUMPTION").declaration.name == "dummy")
    }

    @Test mutating func optionsOfStrategiesAndPlannersAreTaken() throws {
        let settings = try settings(
            """
            [watcher_strategies.basic]
            check_optimize_metadata = yes
            [watcher_strategies.storage_capacity_balance]
            ex_pools = scratch, local
            [watcher_planners.weight]
            weights = nop:1,migrate:99
            """)
        #expect(settings.strategyOptions["basic"]?["check_optimize_metadata"] == true)
        #expect(settings.strategyOptions["storage_capacity_balance"]?["ex_pools"] == ["scratch", "local"])
        #expect(settings.strategyOptions["dummy"] == [:])
        let weights = settings.plannerOptions["weight"]?["weights"]
        // What isn't named keeps its weight.
        #expect(weights?["migrate"] == 99 && weights?["nop"] == 1 && weights?["volume_migrate"] == 60)
    }

    @Test mutating func plannersHeedTheirOptions() async throws {
        let settings = try settings("[watcher_planners.weight]\nweights = nop:1,sleep:99\n")
        let model = WhatIf.Input(path: "m", text: "<ModelRoot/>")
        var audit = WhatIf(Dummy(), models: [model])
        #expect(try await audit.run(catalog).plan.actions.map(\.type) == ["nop", "nop", "sleep"])
        audit.settings = settings
        #expect(try await audit.run(catalog).plan.actions.map(\.type) == ["sleep", "nop", "nop"])
    }

    @Test(arguments: [
        ("[watcher_goals]\ngoal = a:basic", "h.conf:2: [watcher_goals]: unknown name \"goal\""),
        ("[watcher_goals]\ngoals = a:basik", "did you mean basic?"),
        ("[watcher_strategies.basik]\nx = 1", "h.conf:1: unknown name \"[watcher_strategies.basik]\""),
        (
            "[watcher_strategies.basic]\ncheck_optimize_metadata = maybe",
            "h.conf:2: [watcher_strategies.basic] check_optimize_metadata: \"maybe\"; allowed: true or false"
        ),
        ("[watcher_planners.weight]\nweights = nop", "allowed: pairs TYPE:NUMBER with commas between them"),
    ])
    mutating func whatIsWrongIsNamedWithItsPlace(text: String, message: String) throws {
        #expect {
            _ = try settings(text)
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    @Test mutating func sectionsOfOtherProgramsAreLeftToThem() throws {
        _ = try settings(
            "[polling]\nanything = 1\n[watcher_applier]\nworkers = 1\n[watcher_planner]\nplanner = weight\n")
    }
}
