// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Changes a compute model as Nova's versioned notifications say.
public struct NovaNotifications: Sendable {
    public static let filterRule = NotificationFilter(publisherID: .pattern("^nova-.*"))

    /// Whether flavor extra specs are taken, too.
    public var isExtended: Bool

    public init(isExtended: Bool = false) { self.isExtended = isExtended }

    private enum Change { case created, updated, deleted, serviceUpdated, serviceDeleted }

    private static let updates: Set<String> = Set(
        [
            "lock", "unlock", "update", "pause.end", "unpause.end", "power_on.end", "power_off.end",
            "resize_confirm.end", "restore.end", "resume.end", "suspend.end", "shelve.end", "unshelve.end",
            "shutdown.end", "rebuild.end", "rescue.end", "unrescue.end", "live_migration_force_complete.end",
            "live_migration_post_dest.end",
        ].map { "instance.\($0)" })

    private func change(_ notification: Notification) -> Change? {
        switch notification.eventType {
        case "instance.create.end": .created
        case "instance.delete.end", "instance.soft_delete.end": .deleted
        case "service.create", "service.update": .serviceUpdated
        case "service.delete": .serviceDeleted
        case let type?: Self.updates.contains(type) ? .updated : nil
        case nil: nil
        }
    }

    /// The host that has to be looked up before the notification can be applied; nil where none has.
    public func unknownHost(in notification: Notification, _ model: ModelRoot) -> String? {
        let data = notification.payload["nova_object.data"]
        guard let change = change(notification), change != .serviceDeleted, let host = data?["host"]?.string,
            change != .updated || data?["state"]?.string != InstanceState.building.rawValue,
            node(host, in: model) == nil
        else { return nil }
        return host
    }

    /// - Parameter newNode: the node of ``unknownHost(in:_:)``; nil where it could not be found.
    /// - Throws: ``ModelFormatError`` where the notification lacks what every one of its type has.
    public func apply(
        _ notification: Notification, to model: inout ModelRoot, newNode: ComputeNode? = nil
    ) throws {
        guard let change = change(notification), let data = notification.payload["nova_object.data"] else { return }
        let host = data["host"]?.string
        func uuid() throws(ModelFormatError) -> String { try data.text("uuid", of: notification.eventType ?? "") }
        switch change {
        case .created:
            let uuid = try uuid()
            if let newNode { model.add(newNode) }
            let instance = model.add(Instance(uuid: uuid))
            if let node = host.flatMap({ node($0, in: model) }) { model.map(instance, to: node) }
            try update(uuid, with: data, notification, &model)
        case .updated:
            guard data["state"]?.string != InstanceState.building.rawValue else { return }
            if let newNode { model.add(newNode) }
            try update(try uuid(), with: data, notification, &model)
        case .deleted:
            let uuid = try uuid()
            if let newNode { model.add(newNode) }
            if model.findInstance(uuid: uuid) != nil { try model.removeInstance(uuid: uuid) }
        case .serviceUpdated:
            if let newNode { model.add(newNode) }
            updateService(host, with: data, &model)
        case .serviceDeleted:
            if let node = host.flatMap({ node($0, in: model) }) { try model.removeNode(uuid: model[node].uuid) }
        }
    }

    /// Some notifications name the host by its UUID.
    private func node(_ host: String, in model: ModelRoot) -> ModelRoot.NodeID? {
        model.findNode(uuid: host) ?? model.findNode(hostname: host)
    }

    private func update(
        _ uuid: String, with data: JSONValue, _ notification: Notification, _ model: inout ModelRoot
    ) throws {
        // Compared as numbers, as Watcher does: 1.10 is 1.1.
        let version = notification.payload["nova_object.version"]?.string.flatMap { Double($0) } ?? 0
        let flavor = data["flavor"]?["nova_object.data"] ?? .null
        let id = model.findInstance(uuid: uuid) ?? model.add(Instance(uuid: uuid))
        var instance = model[id]
        instance.state = InstanceState(rawValue: try data.text("state", of: "instance \(uuid)"))
        instance.name = data["display_name"]?.string ?? instance.name
        instance.memory = flavor["memory_mb"]?.wholeNumber
        instance.vcpus = flavor["vcpus"]?.wholeNumber
        instance.disk =
            DiskDemand(
                root: data["image_uuid"]?.string.map { $0.isEmpty ? 0 : flavor["root_gb"] ?? 0 },
                ephemeral: flavor["ephemeral_gb"], swap: flavor["swap"]
            ).total
        instance.metadata = data["metadata"]?.object
        instance.projectID = Nullable(notEmpty: data["tenant_id"]?.string)
        instance.host = data["host"]?.string
        instance.hypervisorHostname = data["node"]?.string
        instance.created = data["created_at"]?.string.flatMap { CreationTime($0) }
        if version > 1.0 { instance.isLocked = data["locked"]?.bool ?? instance.isLocked }
        if version > 1.1, isExtended { instance.flavorExtraSpecs = flavor["extra_specs"]?.object ?? [:] }
        model[id] = instance

        // Shelved, or never placed: Nova tells it of no node.
        guard let host = instance.host else { return try model.removeInstance(uuid: uuid) }
        // On a host that nobody knows it stays where it was seen last.
        if let node = node(host, in: model) { model.map(id, to: node) }
    }

    private func updateService(_ host: String?, with data: JSONValue, _ model: inout ModelRoot) {
        guard let host, let id = node(host, in: model) else { return }
        let isDisabled = data["disabled"]?.bool ?? false
        model[id].hostname = host
        model[id].state = data["forced_down"]?.bool == true ? .down : .up
        model[id].status = isDisabled ? .disabled : .enabled
        model[id].disabledReason = Nullable(isDisabled ? data["disabled_reason"]?.string : nil)
    }
}

/// Applies Nova's notifications to the compute model, and asks for hosts that it doesn't know yet.
public struct NovaNotificationEndpoint: NotificationEndpoint {
    private let changes: NovaNotifications
    private let lookUp: @Sendable (String) async -> ComputeNode?

    /// - Parameter lookUp: the node of a host; nil where there is none.
    public init(isExtended: Bool = false, lookUp: @escaping @Sendable (String) async -> ComputeNode?) {
        changes = NovaNotifications(isExtended: isExtended)
        self.lookUp = lookUp
    }

    public var filterRule: NotificationFilter { NovaNotifications.filterRule }

    public func info(_ notification: Notification, model: any Model) async throws -> any Model {
        guard var changed = model as? ModelRoot, !changed.isStale else { return model }
        var newNode: ComputeNode?
        if let host = changes.unknownHost(in: notification, changed) { newNode = await lookUp(host) }
        try changes.apply(notification, to: &changed, newNode: newNode)
        return changed
    }
}
