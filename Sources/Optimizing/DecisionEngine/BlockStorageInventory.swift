// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
internal import Optimization

/// What a block storage service tells of its pools, volumes and types beyond the storage model: the model
/// `block_storage`. Sizes are in GiB.
public struct BlockStorageInventory: Model {
    public struct Pool: Sendable, Hashable {
        /// `host@backend#pool`.
        public var name: String
        public var poolName: String
        public var total: Double
        public var free: Double
        public var allocated: Double
        /// How many times its size it may promise.
        public var overSubscription: Double
        public var backend: String
    }

    public struct Volume: Sendable, Hashable {
        public var id: String
        public var name: String
        public var size: Double
        public var status: String
        public var isBootable: Bool
        public var migrationStatus: String?
        public var type: String?
        /// The pool's name.
        public var host: String
    }

    public struct VolumeType: Sendable, Hashable {
        public var name: String
        public var extraSpecs: JSONObject

        var backend: String? { extraSpecs["volume_backend_name"]?.string }

        /// Whether all that the other type promises, but for its back end, holds here.
        func promises(all other: VolumeType) -> Bool {
            other.extraSpecs.entries.allSatisfy { $0.key == "volume_backend_name" || extraSpecs[$0.key] == $0.value }
        }
    }

    public var pools: [Pool]
    public var volumes: [Volume]
    public var volumesWithSnapshots: [String]
    public var types: [VolumeType]

    public var text: String { pools.map { "\($0.name) \($0.free)/\($0.total) GiB" }.joined(separator: "\n") }

    /// Reads the lists `pools`, `volumes`, `snapshots` and `volume_types` as Cinder's API gives their items.
    public init(json: JSONValue) throws(ModelFormatError) {
        pools = try items(json, "pools") { (pool) throws(ModelFormatError) in
            Pool(
                name: try pool.text("name"), poolName: try pool.text("pool_name"),
                total: try pool.size("total_capacity_gb"), free: try pool.size("free_capacity_gb"),
                allocated: try pool.size("allocated_capacity_gb"),
                overSubscription: try pool.size("max_over_subscription_ratio"),
                backend: try pool.text("volume_backend_name"))
        }
        volumes = try items(json, "volumes") { (volume) throws(ModelFormatError) in
            Volume(
                id: try volume.text("id"), name: volume["name"]?.string ?? "", size: try volume.size("size"),
                status: try volume.text("status"),
                isBootable: volume["bootable"]?.bool ?? (volume["bootable"]?.string == "true"),
                migrationStatus: volume["migration_status"]?.string, type: volume["volume_type"]?.string,
                host: try volume.text("host"))
        }
        volumesWithSnapshots = try items(json, "snapshots") { (snapshot) throws(ModelFormatError) in
            try snapshot.text("volume_id")
        }
        types = try items(json, "volume_types") { (type) throws(ModelFormatError) in
            VolumeType(name: try type.text("name"), extraSpecs: type["extra_specs"]?.object ?? [:])
        }
    }
}

extension BlockStorageInventory.Volume {
    var subject: Explanation.Subject { .init(.volume, id: id, name: name) }
}

private func items<Item>(
    _ json: JSONValue, _ name: String, _ read: (JSONObject) throws(ModelFormatError) -> Item
) throws(ModelFormatError) -> [Item] {
    var items: [Item] = []
    for value in json[name]?.array ?? [] {
        guard let object = value.object else { throw ModelFormatError("\(name) holds what is no object") }
        items.append(try read(object))
    }
    return items
}

extension JSONObject {
    fileprivate func text(_ name: String) throws(ModelFormatError) -> String {
        guard let text = self[name]?.string else {
            throw ModelFormatError("\(name) is \(self[name]?.json ?? "missing"); allowed: a text")
        }
        return text
    }

    /// A number, which Cinder sometimes gives as a text.
    fileprivate func size(_ name: String) throws(ModelFormatError) -> Double {
        guard let size = self[name]?.number ?? self[name]?.string.flatMap({ Double($0) }) else {
            throw ModelFormatError("\(name) is \(self[name]?.json ?? "missing"); allowed: a number")
        }
        return size
    }
}
