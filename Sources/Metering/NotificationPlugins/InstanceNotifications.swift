// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// That an instance is there, each time nova tells that it was created, exists, or is about to be deleted: in nova's
/// unversioned notifications and in its versioned ones.
struct InstanceNotifications: NotificationPlugin {
    static let meter = Meter("instance", .gauge, unit: "instance")

    let eventTypes = [
        "compute.instance.create.end", "compute.instance.exists", "compute.instance.delete.start",
        "instance.create.end", "instance.exists", "instance.delete.start",
    ]

    func process(_ notification: NotificationMessage) throws -> [Sample] {
        let isVersioned = notification.eventType.hasPrefix("instance.")
        let payload: Metadata
        if isVersioned {
            guard case .object(let data)? = notification.payload["nova_object.data"] else {
                throw MissingField("payload has no nova_object.data")
            }
            payload = data
        } else {
            payload = notification.payload
        }
        let key = isVersioned ? "uuid" : "instance_id"
        guard let id = payload.text(key), !id.isEmpty else { throw MissingField("payload has no \(key)") }
        var metadata = payload
        metadata["event_type"] = .string(notification.eventType)
        metadata["host"] = .string(notification.publisherID)
        let instance = Resource(
            id: id, projectID: payload.text("tenant_id"), userID: payload.text("user_id"), metadata: metadata)
        return [Sample(Self.meter, 1, of: instance, at: notification.timestamp)]
    }
}

/// A notification without what its event type promises.
struct MissingField: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension Metadata {
    func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
    func object(_ key: String) -> Metadata? { if case .object(let object)? = self[key] { object } else { nil } }
}
