// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What Cinder tells of its services, pools and types: enough to know a pool or a storage node when it is named.
public struct CinderRecords: Sendable {
    /// `os-services`, those of binary `cinder-volume`, by host.
    public var services: [String: JSONValue]
    /// `scheduler-stats/get_pools?detail=true`, by name.
    public var pools: [String: JSONValue]
    /// `types`.
    public var types: [JSONValue]

    public init(services: [JSONValue] = [], pools: [JSONValue] = [], types: [JSONValue] = []) {
        func byName(_ values: [JSONValue], _ key: String) -> [String: JSONValue] {
            Dictionary(values.compactMap { value in value[key]?.string.map { ($0, value) } }) { first, _ in first }
        }
        self.services = byName(services, "host")
        self.pools = byName(pools, "name")
        self.types = types
    }

    /// Nil for a host without such a service.
    public func node(host: String) -> StorageNode? {
        guard let service = services[host] else { return nil }
        var node = StorageNode(host: host)
        let backend = host.split(separator: "@", maxSplits: 1).dropFirst().first.map(String.init)
        node.zone = service["zone"]?.string
        node.state = ServiceState(rawValue: service["state"]?.string ?? "up")
        node.status = ServiceState(rawValue: service["status"]?.string ?? "enabled")
        node.volumeTypes = types.filter { type in
            backend != nil && type["extra_specs"]?["volume_backend_name"]?.string == backend
        }.compactMap { $0["name"]?.string }
        return node
    }

    /// Nil for a pool that isn't there.
    ///
    /// - Throws: ``ModelFormatError`` where one of its sizes is no number, as `unknown` or `infinite`.
    public func pool(named name: String) throws(ModelFormatError) -> Pool? {
        guard let record = pools[name] else { return nil }
        var pool = Pool(name: name)
        try pool.setSizes(record["capabilities"] ?? record)
        return pool
    }

    /// Nil for an unknown ID.
    public func typeName(id: String) -> String? {
        types.first { $0["id"]?.string == id }?["name"]?.string
    }
}

extension Pool {
    /// Takes the sizes that Cinder's scheduler tells; fractions of a GiB are cut off.
    mutating func setSizes(_ capabilities: JSONValue) throws(ModelFormatError) {
        func size(_ key: String) throws(ModelFormatError) -> Int {
            guard let size = capabilities[key]?.wholeNumber else {
                throw ModelFormatError(
                    "pool \(name): \(key) is \(capabilities[key]?.json ?? "missing"); allowed: a number of GiB")
            }
            return size
        }
        // Not every driver counts its volumes.
        totalVolumes = capabilities["total_volumes"]?.wholeNumber
        totalCapacity = try size("total_capacity_gb")
        freeCapacity = try size("free_capacity_gb")
        provisionedCapacity = try size("provisioned_capacity_gb")
        allocatedCapacity = try size("allocated_capacity_gb")
    }
}

extension Volume {
    /// A volume as Cinder's `volumes/detail` tells it to an administrator.
    public init(volume: JSONValue) throws(ModelFormatError) {
        self.init(uuid: try volume.text("id", of: "a volume"))
        size = volume["size"]?.wholeNumber
        status = VolumeState(rawValue: try volume.text("status", of: "volume \(uuid)"))
        attachments = (volume["attachments"]?.array ?? []).map {
            Attachment(serverID: $0["server_id"]?.string, attachmentID: $0["attachment_id"]?.string)
        }
        name = volume["name"]?.string ?? ""
        isMultiattach = volume["multiattach"]?.bool
        snapshotID = Nullable(notEmpty: volume["snapshot_id"]?.string)
        projectID = Nullable(notEmpty: volume["os-vol-tenant-attr:tenant_id"]?.string)
        metadata = volume["metadata"]?.object
        isBootable = volume["bootable"]?.bool ?? (volume["bootable"]?.string == "true")
        volumeType = volume["volume_type"]?.string
        createdAt = volume["created_at"]?.string
        // A volume that is in no pool yet has none.
        host = volume["os-vol-host-attr:host"]?.string
    }
}
