// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import third_party_strategy

@Suite struct DummyStrategyTests {
    /// Two nodes with an instance each.
    private var cluster: ModelRoot {
        var model = ModelRoot()
        for name in ["a", "b"] {
            var node = ComputeNode(uuid: "node-\(name)")
            node.hostname = name
            let place = model.add(node)
            model.map(model.add(Instance(uuid: "vm-\(name)")), to: place)
        }
        return model
    }

    @Test func theFirstInstanceElsewhereIsMoved() throws {
        let context = try StrategyContext(
            for: DummyStrategy(), parameters: ["destination": "a"], models: ["compute": cluster])
        let solution = try DummyStrategy().execute(context)
        #expect(solution.actions.map(\.resourceID) == ["vm-b"])
        #expect(try DummyStrategy.goal.efficacy(of: solution.indicators).map(\.value) == [50])
    }

    @Test func aParameterThatIsMissingIsNamed() {
        #expect(throws: OptimizationError.self) {
            try StrategyContext(for: DummyStrategy(), models: ["compute": cluster])
        }
    }
}
