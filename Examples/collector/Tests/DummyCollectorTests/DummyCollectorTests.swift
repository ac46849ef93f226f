// SPDX-License-Identifier: Apache-2.0
import HypsometerKit
import Testing

@testable import dummy_collector

@Suite struct DummyCollectorTests {
    @Test func theModelFollowsOurEventsAndNoOthers() async throws {
        let collector = DummyClusterDataModelCollector(context: PluginContext(options: ["test_opt": "test_value"]))
        var model = try await collector.execute()
        for type in ["dummy", "dummy.not", "dummy"] {
            let notification = Notification(publisherID: "anybody", eventType: type, payload: .null)
            for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
            }
        }
        #expect(model.text == "MyModel, 2 events, test_value")
    }

    @Test func theModelIsReadAsItWasWritten() throws {
        let model = MyModel(option: "x")
        #expect(try MyModel(json: model.json) == model)
    }
}
