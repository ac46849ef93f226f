// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// A model of a shape that the host doesn't know.
struct TallyModel: JSONModel {
    static let kind = "Tally"

    var count: Int

    init(count: Int) { self.count = count }

    init(json: JSONValue) throws {
        guard let count = json["count"]?.integer else { throw ModelFormatError("a tally has a count") }
        self.count = count
    }

    var json: JSONValue { ["count": .integer(count)] }
    var text: String { "tally: \(count)" }
}

/// Begins where the operator says, and counts events.
struct TallyCollector: Loadable, ClusterDataModelCollector {
    static let options = [Parameter("first", .integer(minimum: 0), default: 0, help: "Where to begin.")]

    private let first: Int

    init(context: PluginContext) throws {
        guard let first = Int(context.options["first"] ?? "") else {
            throw OptimizationError.invalidValue("first is no whole number")
        }
        self.first = first
    }

    func execute() async throws -> any Model { TallyModel(count: first) }

    var notificationEndpoints: [any NotificationEndpoint] { [TallyEndpoint(by: 1), TallyEndpoint(by: 10)] }
}

/// Adds to it at events `tally.1` or `tally.10`.
struct TallyEndpoint: NotificationEndpoint {
    private let step: Int

    init(by step: Int) { self.step = step }

    var filterRule: NotificationFilter { NotificationFilter(eventType: .pattern("^tally\\.\(step)$")) }

    func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var model = model as? TallyModel else { return model }
        model.count += step * (notification.payload["times"]?.integer ?? 1)
        return model
    }
}
