// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
package import Telemetry

/// A notification plug-in behind the protocol.
package struct PluginNotifications: NotificationPlugin {
    package let eventTypes: [String]
    private let slot: PluginSlot
    /// As its manifest has it.
    package let name: String

    init(_ slot: PluginSlot, name: String, eventTypes: [String]) {
        self.slot = slot
        self.name = name
        self.eventTypes = eventTypes
    }

    package func process(_ notification: NotificationMessage) async throws -> [Sample] {
        let parameters = WireValue.object([
            "namespace": .string(EntryPoint.notifications), "name": .string(name), "notification": notification.message,
        ])
        do {
            let answer = try await slot.call(.process, parameters.json)
            return try SamplesMessage(notification: notification).samples(answer)
        } catch {
            throw slot.named(error)
        }
    }
}
