// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Optimization
import Testing

@Suite struct SolutionTests {
    @Test func anActionIsProposedOnce() {
        var solution = Solution()
        for _ in 0..<2 { solution.add(Migrate(instance: "i", from: "a", to: "b")) }
        solution.add(Migrate(instance: "i", from: "b", to: "a"))
        #expect(solution.actions.count == 2 && solution.duplicates == 1)
        solution.withdraw { $0.parameters["source_node"] == "a" }
        solution.add(Migrate(instance: "i", from: "a", to: "b"))
        #expect(solution.actions.count == 2)
    }

    @Test func actionsSayWhatTheirSchemasName() {
        var solution = Solution()
        solution.add(Migrate(instance: "i", name: "vm", kind: .cold, from: "a", to: "b"))
        solution.add(VolumeMigrate(volume: "v", name: nil, kind: .retype, toType: "fast"))
        solution.add(ChangePowerState(machine: "m", hostname: "h", to: .off))
        solution.add(Nop(message: nil))
        #expect(
            solution.actions.map(\.parameters) == [
                [
                    "migration_type": "cold", "source_node": "a", "destination_node": "b", "resource_name": "vm",
                    "resource_id": "i",
                ],
                ["migration_type": "retype", "destination_type": "fast", "resource_id": "v"],
                ["state": "off", "resource_name": "h", "resource_id": "m"], ["message": nil],
            ])
    }

    @Test func nothingIsExplainedUnlessAskedFor() {
        func reason() -> String {
            Issue.record("a reason was made up that nobody reads")
            return ""
        }
        var solution = Solution()
        solution.explain(.init(.node, id: "n"), .rejected, reason())
        #expect(solution.explanations.isEmpty)
        var explaining = Solution(isExplaining: true)
        explaining.explain(.init(.node, id: "n"), .rejected, "full")
        #expect(explaining.explanations.map(\.reason) == ["full"])
    }

    @Test func ratiosAreMadeOfIndicators() throws {
        let goal = Goal(
            "g", "G", indicators: [IndicatorSpecification("part"), IndicatorSpecification("whole")],
            ratios: [EfficacyRatio("share", "part", of: "whole")])
        func share(_ part: Double, _ whole: Double) throws -> Double? {
            try goal.efficacy(of: [EfficacyIndicator("part", part), EfficacyIndicator("whole", whole)]).first?.value
        }
        #expect(try share(1, 4) == 25)
        #expect(try share(0, 0) == 0)
        #expect(throws: OptimizationError.efficacy("part is -1.0; allowed: from 0")) { try share(-1, 4) }
        #expect(throws: OptimizationError.efficacy("whole of goal g wasn't stated")) {
            try goal.efficacy(of: [EfficacyIndicator("part", 1)])
        }
        #expect(try goal.efficacy(of: []).first?.value == 0)
    }

    @Test func metricsAreFoundByPeriod() throws {
        let table = try MetricTable(json: ["n": ["cpu": 5, "cpu@60": 7.5, "ram": nil]])
        func value(_ metric: String, _ period: Double) -> Double? {
            table.value(of: MetricQuery(metric, .instance, period: period), for: "n")
        }
        #expect(value("cpu", 60) == 7.5 && value("cpu", 300) == 5 && value("ram", 60) == nil)
        #expect(throws: ModelFormatError.self) { try MetricTable(json: ["n": ["cpu": "much"]]) }
        #expect(throws: ModelFormatError.self) { try MetricTable(json: ["n": ["cpu@soon": 1]]) }
    }
}
