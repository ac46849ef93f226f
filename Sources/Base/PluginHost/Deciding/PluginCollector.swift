// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import HypsometerKit
internal import JSONText
package import Optimization

/// A collector behind the protocol. Its model is kept by the host, and goes with each notification.
package struct PluginCollector: ClusterDataModelCollector {
    package let name: String
    /// What strategies call its model.
    package let kind: String
    /// What an operator may set for it, beside `period`.
    package let options: [Parameter]
    package let notificationEndpoints: [any NotificationEndpoint]
    private let slot: PluginSlot

    init(_ slot: PluginSlot, name: String, kind: String, options: [Parameter], filters: [NotificationFilter]) {
        self.slot = slot
        self.name = name
        self.kind = kind
        self.options = options
        notificationEndpoints = filters.enumerated().map { index, filter in
            PluginNotificationEndpoint(slot: slot, name: name, index: index, filterRule: filter)
        }
    }

    package func execute() async throws -> any Model {
        let call = WireValue.object(["namespace": .string(EntryPoint.collectors), "name": .string(name)])
        do {
            let answer = try await slot.call(.execute, call.json)
            return try ModelMessage.model(answer["model"], text: try answer.optionalText("text"))
        } catch {
            throw slot.named(error)
        }
    }
}

/// A notification endpoint behind the protocol.
struct PluginNotificationEndpoint: NotificationEndpoint {
    let slot: PluginSlot
    /// The collector's.
    let name: String
    /// Its place among the collector's.
    let index: Int
    let filterRule: NotificationFilter

    func info(_ notification: Notification, model: any Model) async throws -> any Model {
        do {
            let call = WireValue.object([
                "namespace": .string(EntryPoint.collectors), "name": .string(name),
                "endpoint": .integer(Int128(index)), "notification": notification.message,
                "model": try ModelMessage.value(model),
            ])
            let answer = try await slot.call(.info, call.json)
            // Nothing to change.
            guard let changed = answer["model"], changed != .null else { return model }
            return try ModelMessage.model(changed, text: try answer.optionalText("text"))
        } catch {
            throw slot.named(error)
        }
    }
}
