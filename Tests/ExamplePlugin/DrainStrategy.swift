// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// Moves whatever is busier than its limit to the parameter's node, and tells what it was given.
struct DrainStrategy: MetricPlanning {
    static let goal = Goal(
        "drained", "Drained", indicators: [IndicatorSpecification("moved"), IndicatorSpecification("all")],
        ratios: [EfficacyRatio("moved_ratio", "moved", of: "all")])

    let declaration = StrategyDeclaration(
        name: "drain", displayName: "Drain", goal: goal.name, planner: "last_first",
        parameters: [
            Parameter("to", .text(), isRequired: true, help: "A host name."),
            Parameter("limit", .number(minimum: 0, maximum: 100), default: 50, help: "Percent."),
            Parameter("period", .number(), default: 600, help: "Seconds."),
        ],
        options: [Parameter("kind", .text(choices: ["live", "cold"]), default: "live", help: "How to move.")],
        models: ["compute", "tally"], metrics: ["instance_cpu_usage"])

    func queries(_ parameters: ParameterValues) -> [MetricQuery] {
        [MetricQuery("instance_cpu_usage", .instance, period: parameters.number("period"), aggregate: "max")]
    }

    func execute(_ context: StrategyContext) throws -> Solution {
        let model: ModelRoot = try context.model("compute")
        let tally: TallyModel = try context.model("tally")
        var solution = Solution(isExplaining: context.isExplaining)
        let query = queries(context.parameters)[0]
        for instance in model.allInstances {
            guard let load = context.metrics.value(of: query, for: instance.uuid),
                load > context.parameters.number("limit")
            else { continue }
            let source = try model.node(ofInstance: instance.uuid)
            solution.add(
                Migrate(
                    instance: instance.uuid, kind: context.options.text("kind") == "cold" ? .cold : .live,
                    from: source.hostname ?? "", to: context.parameters.text("to")))
            solution.explain(
                .init(.instance, id: instance.uuid), .chosen,
                "\(load) % busy, tally \(tally.count), seed \(context.seed)")
        }
        solution.indicators = [
            EfficacyIndicator("moved", Double(solution.actions.count)),
            EfficacyIndicator("all", Double(model.instanceCount)),
        ]
        return solution
    }
}

/// Does what was proposed last first.
struct LastFirstPlanner: Loadable, Planner {
    private let isChained: Bool

    init(context: PluginContext) { isChained = context.options["chained"] == "true" }

    func plan(_ actions: [Solution.ProposedAction]) -> ActionPlan {
        ActionPlan(
            actions: actions.reversed().enumerated().map { index, action in
                .init(action, parents: isChained ? (index == 0 ? [] : [index - 1]) : nil)
            })
    }
}

/// Counts letters.
struct LengthScorer: Loadable, ScoringEngine {
    let name = "length"
    let summary = "How long a text is"
    let metainfo = "characters"

    init(context: PluginContext) {}

    func score(features: String) throws -> String {
        guard !features.isEmpty else { throw OptimizationError.invalidValue("length takes a text") }
        return "\(features.count)"
    }
}
