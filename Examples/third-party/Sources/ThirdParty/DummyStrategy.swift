// SPDX-License-Identifier: Apache-2.0
public import DecisionEngine

/// Moves the first instance that it finds to another node: a strategy of one's own, as short as it can be.
public struct DummyStrategy: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "third_party_dummy", displayName: "Dummy Strategy", goal: "dummy",
        parameters: [
            Parameter("destination", .text(), isRequired: true, help: "The host name of the node to move it to.")
        ])

    public func execute(_ context: StrategyContext) throws -> Solution {
        let model: ModelRoot = try context.model("compute")
        let destination = try model.nodeID(hostname: context.parameters.text("destination"))
        var solution = Solution(isExplaining: context.isExplaining)
        for id in model.instanceIDs {
            guard let source = model.nodeID(of: id), source != destination else { continue }
            let instance = model[id]
            solution.add(
                Migrate(
                    instance: instance.uuid, name: instance.name, kind: .live, from: model[source].hostname ?? "",
                    to: model[destination].hostname))
            solution.explain(.init(.instance, id: instance.uuid, name: instance.name), .chosen, "it is the first one")
            break
        }
        return solution
    }
}
