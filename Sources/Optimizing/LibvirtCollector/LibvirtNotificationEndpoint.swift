// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Libvirt

/// Reads again what libvirt said has changed.
struct LibvirtNotificationEndpoint: NotificationEndpoint {
    private static let publisher = "libvirt"

    let hosts: [HostReader]
    let onSkip: @Sendable (String) -> Void

    var filterRule: NotificationFilter { NotificationFilter(publisherID: .pattern("^\(Self.publisher)$")) }

    /// - Parameter kind: `lost`, `found`, `domain`.
    static func notification(_ kind: String, host: String, domain: String? = nil) -> Notification {
        Notification(
            publisherID: publisher, eventType: "libvirt.\(kind)",
            payload: ["host": .string(host), "domain": domain.map(JSONValue.string) ?? .null])
    }

    static func notification(of event: DomainEvent, from host: String) -> Notification {
        switch event {
        case .lifecycle(let uuid, _), .changed(let uuid): notification("domain", host: host, domain: uuid)
        case .connected: notification("found", host: host)
        }
    }

    func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var changed = model as? ModelRoot,
            let host = hosts.first(where: { .string($0.name) == notification.payload["host"] })
        else { return model }
        if notification.eventType == "libvirt.lost" {
            if let node = changed.findNode(uuid: host.name) { changed[node].state = .down }
            return changed
        }
        let domain = notification.payload["domain"]?.string
        let reading = try await host.read(domain: domain)
        reading.skipped.forEach(onSkip)
        if let node = changed.findNode(uuid: host.name) {
            // One that was moved away is on another node by now, and stays.
            for instance in changed.instances(on: node)
            where !reading.present.contains(instance.uuid) && (domain == nil || instance.uuid == domain) {
                try changed.removeInstance(uuid: instance.uuid)
            }
        }
        changed.add(reading.picture)
        return changed
    }
}
