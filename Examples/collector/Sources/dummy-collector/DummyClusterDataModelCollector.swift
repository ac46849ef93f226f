// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// A model of a shape of one's own. The host keeps it as the JSON that it writes.
struct MyModel: JSONModel, Equatable {
    static let kind = "MyModel"

    var events = 0
    /// What the operator set.
    var option: String

    init(option: String) { self.option = option }

    init(json: JSONValue) throws {
        guard let events = json["events"]?.integer, let option = json["option"]?.string else {
            throw ModelFormatError("MyModel has events, a number, and option, a text")
        }
        self.events = events
        self.option = option
    }

    var json: JSONValue { ["events": .integer(events), "option": .string(option)] }
    var text: String { "MyModel, \(events) events, \(option)" }
}

/// Builds it, and keeps it up to date by an event of one's own.
struct DummyClusterDataModelCollector: Loadable, ClusterDataModelCollector {
    static let options = [Parameter("test_opt", .text(), default: "0", help: "Option used for testing.")]

    private let option: String

    init(context: PluginContext) { option = context.options["test_opt"] ?? "" }

    func execute() async throws -> any Model { MyModel(option: option) }

    var notificationEndpoints: [any NotificationEndpoint] { [DummyNotification()] }
}

/// Counts events of type `dummy`, whoever sends them.
struct DummyNotification: NotificationEndpoint {
    var filterRule: NotificationFilter {
        NotificationFilter(publisherID: .pattern(".*"), eventType: .pattern("^dummy$"))
    }

    func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var model = model as? MyModel else { return model }
        model.events += 1
        return model
    }
}

@main struct DummyCollector: PluginMain {
    static let entryPoints: [EntryPoint] = [
        .collector(
            "dummy", options: DummyClusterDataModelCollector.options, models: [MyModel.self],
            DummyClusterDataModelCollector.self)
    ]
}
