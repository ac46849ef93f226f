// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Changes a storage model as Cinder's notifications say.
public struct CinderNotifications: Sendable {
    public static let filterRules: [NotificationFilter] =
        [NotificationFilter(publisherID: .pattern("capacity.*"), eventType: .pattern("capacity.pool"))]
        + ["create", "delete", "update", "attach", "detach", "resize"].map { name in
            NotificationFilter(publisherID: .pattern("^volume.*"), eventType: .pattern("volume.\(name).end"))
        }

    public init() {}

    /// - Parameter records: what Cinder says now of pools, nodes and types.
    public func apply(_ notification: Notification, to model: inout StorageModelRoot, _ records: CinderRecords) throws {
        let payload = notification.payload
        switch notification.eventType {
        case "capacity.pool": try setCapacity(payload, &model, records)
        case "volume.delete.end":
            let uuid = try payload.text("volume_id", of: "volume.delete.end")
            try refreshPool(of: payload, &model, records)
            if model.contains(volume: uuid) { try model.removeVolume(uuid: uuid) }
        case "volume.create.end", "volume.update.end", "volume.attach.end", "volume.detach.end", "volume.resize.end":
            try setVolume(payload, &model, records)
        default: break
        }
    }

    private func setCapacity(_ payload: JSONValue, _ model: inout StorageModelRoot, _ records: CinderRecords) throws {
        let name = try payload.text("name_to_id", of: "capacity.pool")
        guard var pool = try model.contains(pool: name) ? model.pool(named: name) : records.pool(named: name) else {
            return
        }
        pool.totalCapacity = payload["total"]?.wholeNumber
        pool.freeCapacity = payload["free"]?.wholeNumber
        pool.allocatedCapacity = payload["allocated"]?.wholeNumber
        pool.provisionedCapacity = payload["provisioned"]?.wholeNumber
        pool.virtualFree = payload["virtual_free"]?.wholeNumber
        model.add(pool)
        try mapToNode(pool, &model, records)
    }

    /// Adds the node where the model lacks it and Cinder knows it.
    private func mapToNode(_ pool: Pool, _ model: inout StorageModelRoot, _ records: CinderRecords) throws {
        let host = pool.nodeName
        if !model.contains(node: host), let node = records.node(host: host) { model.add(node) }
        if model.contains(node: host) { try model.map(pool: pool.name, to: host) }
    }

    /// Takes the pool's sizes as they are now.
    private func refreshPool(of payload: JSONValue, _ model: inout StorageModelRoot, _ records: CinderRecords) throws {
        guard let name = payload["host"]?.string else { return }
        let fresh = try records.pool(named: name)
        guard var pool = try fresh ?? (model.contains(pool: name) ? model.pool(named: name) : nil) else { return }
        if model.contains(pool: name) { pool.virtualFree = try model.pool(named: name).virtualFree }
        model.add(pool)
        try mapToNode(pool, &model, records)
    }

    private func setVolume(_ payload: JSONValue, _ model: inout StorageModelRoot, _ records: CinderRecords) throws {
        let uuid = try payload.text("volume_id", of: "a volume's notification")
        var volume = model.contains(volume: uuid) ? try model.volume(uuid: uuid) : Volume(uuid: uuid)
        volume.name = payload["display_name"]?.string ?? ""
        volume.size = payload["size"]?.wholeNumber
        volume.status = VolumeState(rawValue: try payload.text("status", of: "volume \(uuid)"))
        volume.attachments = (payload["volume_attachment"]?.array ?? []).map {
            .init(serverID: $0["instance_uuid"]?.string, attachmentID: $0["id"]?.string)
        }
        volume.snapshotID = Nullable(notEmpty: payload["snapshot_id"]?.string)
        volume.projectID = Nullable(notEmpty: payload["tenant_id"]?.string)
        volume.metadata = payload["metadata"]?.object ?? [:]
        volume.isBootable = payload["glance_metadata"] != nil
        volume.volumeType = payload["volume_type"]?.string.flatMap { records.typeName(id: $0) } ?? volume.volumeType
        // As volumes/detail writes it, without the zone, which is UTC; some notifications leave the fraction out.
        let created = payload["created_at"]?.string.map { $0.hasSuffix("+00:00") ? String($0.dropLast(6)) : $0 }
        if let created, volume.createdAt?.hasPrefix(created.prefix(19)) != true { volume.createdAt = created }
        volume.host = payload["host"]?.string
        model.add(volume)
        try refreshPool(of: payload, &model, records)
        if let pool = volume.host, model.contains(pool: pool) { try model.map(volume: uuid, to: pool) }
    }
}
