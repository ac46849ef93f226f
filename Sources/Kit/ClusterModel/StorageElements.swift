// SPDX-License-Identifier: Apache-2.0

/// A storage back end on its host.
public struct StorageNode: ModelElement {
    /// `host@backend`.
    public var host: String
    public var zone: String?
    public var status: ServiceState = .enabled
    public var state: ServiceState = .up
    /// The names of the volume types that its back end serves.
    public var volumeTypes: [String]?
    public var uuid = ""
    public var humanID = ""

    public init(host: String) { self.host = host }

    public var key: String { host }
    public init(key: String) { self.init(host: key) }

    public static let fields: [ElementField<StorageNode>] = [
        .text("host", \.host),
        .text("zone", \.zone),
        .word("status", \.status),
        .word("state", \.state),
        .texts("volume_type", \.volumeTypes),
        .text("uuid", \.uuid),
        .text("human_id", \.humanID),
    ]
}

/// Where a storage node keeps volumes. All capacities are in GiB.
public struct Pool: ModelElement {
    /// `host@backend#pool`.
    public var name: String
    public var totalVolumes: Int?
    public var totalCapacity: Int?
    public var freeCapacity: Int?
    public var provisionedCapacity: Int?
    public var allocatedCapacity: Int?
    public var virtualFree: Int? = 0
    public var uuid = ""
    public var humanID = ""

    public init(name: String) { self.name = name }

    public var key: String { name }
    public init(key: String) { self.init(name: key) }

    /// The key of the storage node that the pool's name says it is on: all before `#`.
    public var nodeName: String { String(name.prefix { $0 != "#" }) }

    public static let fields: [ElementField<Pool>] = [
        .text("name", \.name),
        .integer("total_volumes", \.totalVolumes),
        .integer("total_capacity_gb", \.totalCapacity),
        .integer("free_capacity_gb", \.freeCapacity),
        .integer("provisioned_capacity_gb", \.provisionedCapacity),
        .integer("allocated_capacity_gb", \.allocatedCapacity),
        .integer("virtual_free", \.virtualFree),
        .text("uuid", \.uuid),
        .text("human_id", \.humanID),
    ]
}
