// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization
import Testing

@Suite struct PlannerTests {
    private func action(_ type: String, _ resource: String, _ more: JSONObject = [:]) -> Solution.ProposedAction {
        var parameters = more
        parameters["resource_id"] = .string(resource)
        return .init(type: type, parameters: parameters)
    }

    private func lines(_ plan: ActionPlan) -> [String] {
        plan.actions.map { "\($0.type) \($0.parameters["resource_id"]?.string ?? "") after \($0.parents ?? [])" }
    }

    @Test func heavierActionsAreDoneFirstAFewAtATime() throws {
        let plan = try WeightPlanner().plan([
            action("migrate", "x"), action("migrate", "y"), action("migrate", "z"), action("nop", "n"),
        ])
        #expect(
            lines(plan) == ["nop n after []", "migrate x after [0]", "migrate y after [0]", "migrate z after [1, 2]"])
    }

    @Test func weightsMayBeChanged() throws {
        let planner = try WeightPlanner(weights: ["migrate": 2, "nop": 1], parallelization: ["migrate": 5])
        let plan = try planner.plan([action("nop", "n"), action("migrate", "x")])
        #expect(lines(plan) == ["migrate x after []", "nop n after [0]"])
    }

    @Test func anActionWithoutWeightIsNamed() {
        #expect {
            try WeightPlanner(weights: ["nop": 1]).plan([action("resize", "x")])
        } throws: { error in
            "\(error)" == "no weight for resize; there are weights for nop"
        }
    }

    @Test func aResizeWaitsForTheMigrationsOfItsInstance() throws {
        let plan = try WorkloadStabilizationPlanner().plan([
            action("resize", "x"), action("migrate", "x", ["source_node": "a"]),
            action("migrate", "y", ["source_node": "a"]), action("turn_host_to_acpi_s3_state", "a"),
        ])
        #expect(
            lines(plan) == [
                "migrate x after []", "migrate y after []", "resize x after [0]",
                "turn_host_to_acpi_s3_state a after [0, 1]",
            ])
    }

    @Test func aNodeIsEmptiedOneInstanceAfterTheOther() throws {
        let plan = try NodeResourceConsolidationPlanner().plan([
            action("change_nova_service_state", "a", ["state": "disabled"]),
            action("migrate", "x", ["source_node": "a"]), action("migrate", "y", ["source_node": "a"]),
            action("change_nova_service_state", "a", ["state": "enabled"]),
        ])
        #expect(plan.actions.map(\.parents) == [nil, [0], [0, 1], [2]])
    }

    @Test func nothingToDoIsDone() async throws {
        for name in Planners.names {
            #expect(try await Planners.named(name)?.plan([]).state == .succeeded)
        }
        #expect(try Planners.named("nosuch") == nil)
    }

    @Test func everyStrategyHasAGoalAndAPlanner() {
        let names = Strategies.all.map(\.declaration.name)
        #expect(Set(names).count == names.count)
        for declaration in Strategies.all.map(\.declaration) {
            #expect(Goals.all.contains { $0.name == declaration.goal }, "goal of \(declaration.name)")
            #expect(Planners.names.contains(declaration.planner), "planner of \(declaration.name)")
            #expect(Strategies.forGoal(declaration.goal) != nil)
        }
    }

    @Test func everyMetricThatIsReadIsDeclared() async throws {
        for strategy in Strategies.all {
            guard let planning = strategy as? any MetricPlanning else { continue }
            let parameters = ParameterValues(try strategy.declaration.parameters.effective([:]))
            let names = Set(try await planning.queries(parameters).map(\.metric))
            #expect(names.isSubset(of: strategy.declaration.metrics), "\(strategy.declaration.name)")
        }
    }
}
