// SPDX-License-Identifier: Apache-2.0
import DecisionEngine
import ModelCollectors
import Testing
import ThirdParty

@Suite struct ThirdPartyTests {
    private let cluster = """
        <ModelRoot>
          <ComputeNode uuid="n1" hostname="a" vcpus="8" memory="8192" disk="100">
            <Instance uuid="i1" name="x" vcpus="2" memory="2048" disk="10"/>
          </ComputeNode>
          <ComputeNode uuid="n2" hostname="b" vcpus="8" memory="8192" disk="100">
            <Instance uuid="i2" name="y" vcpus="2" memory="2048" disk="10"/>
          </ComputeNode>
        </ModelRoot>
        """

    @Test func ourStrategyProposesAndAPlannerPlans() async throws {
        let strategy = DummyStrategy()
        let context = try StrategyContext(
            for: strategy, parameters: ["destination": "b"], models: ["compute": try ModelRoot(xml: cluster)])
        let plan = try await Planners.named(strategy.declaration.planner)?.plan(try strategy.execute(context).actions)
        #expect(plan?.actions.map(\.type) == ["migrate"])
        #expect(plan?.actions.first?.parameters["destination_node"] == "b")
    }

    @Test func aParameterThatIsMissingIsNamed() throws {
        #expect(throws: OptimizationError.self) {
            try StrategyContext(for: DummyStrategy(), models: ["compute": try ModelRoot(xml: cluster)])
        }
    }

    @Test func strategiesThatAreBuiltInDecideHereToo() async throws {
        var metrics = MetricTable()
        metrics.set("host_cpu_usage", of: "n1", to: 50)
        metrics.set("host_cpu_usage", of: "n2", to: 5)
        let strategy = BasicConsolidation()
        let context = try StrategyContext(
            for: strategy, models: ["compute": try ModelRoot(xml: cluster)], metrics: metrics)
        #expect(try strategy.execute(context).actions.map(\.type) == ["migrate", "change_nova_service_state"])
    }

    @Test func ourModelFollowsOurEvents() async throws {
        let collector = DummyClusterDataModelCollector()
        var model = try await collector.execute()
        for type in ["dummy", "dummy.not", "dummy"] {
            let notification = Notification(publisherID: "anybody", eventType: type, payload: .null)
            for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
            }
        }
        #expect(model.text == "MyModel, 2 events")
    }
}
