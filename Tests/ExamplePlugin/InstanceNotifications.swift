// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// Gives the memory of an instance that was created.
struct InstanceNotifications: Loadable, NotificationPlugin {
    let eventTypes = ["compute.instance.create.*"]

    init(context: PluginContext) {}

    func process(_ notification: NotificationMessage) -> [Sample] {
        guard case .string(let id)? = notification.payload["instance_id"],
            case .integer(let memory)? = notification.payload["memory_mb"]
        else { return [] }
        return [
            Sample(
                Meter("memory", .gauge, unit: "MiB"), .integer(memory), of: Resource(id: id),
                at: notification.timestamp)
        ]
    }
}
