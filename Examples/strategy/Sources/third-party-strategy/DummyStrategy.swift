// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// Moves the first instance that it finds to another node: a strategy of one's own, as short as it can be.
struct DummyStrategy: Strategy {
    /// How well it did: of all instances, how many it moves.
    static let goal = Goal(
        "move_one", "Move one instance",
        indicators: [IndicatorSpecification("instance_migrations_count"), IndicatorSpecification("instances_count")],
        ratios: [EfficacyRatio("moved_ratio", "instance_migrations_count", of: "instances_count")])

    let declaration = StrategyDeclaration(
        name: "third_party_dummy", displayName: "Dummy Strategy", goal: goal.name,
        parameters: [
            Parameter("destination", .text(), isRequired: true, help: "The host name of the node to move it to.")
        ])

    func execute(_ context: StrategyContext) throws -> Solution {
        let model: ModelRoot = try context.model("compute")
        let destination = try model.nodeID(hostname: context.parameters.text("destination"))
        var solution = Solution(isExplaining: context.isExplaining)
        for id in model.instanceIDs {
            guard let source = model.nodeID(of: id), source != destination else { continue }
            let instance = model[id]
            solution.add(
                Migrate(
                    instance: instance.uuid, name: instance.name, from: model[source].hostname ?? "",
                    to: model[destination].hostname))
            solution.explain(.init(.instance, id: instance.uuid, name: instance.name), .chosen, "it is the first one")
            break
        }
        solution.indicators = [
            EfficacyIndicator("instance_migrations_count", Double(solution.actions.count)),
            EfficacyIndicator("instances_count", Double(model.instanceCount)),
        ]
        return solution
    }
}

@main struct ThirdParty: PluginMain {
    static let entryPoints: [EntryPoint] = [.goal(DummyStrategy.goal), .strategy(DummyStrategy())]
}
