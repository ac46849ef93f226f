// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// A host of the fleet, as an extension may see it.
public struct FleetNode: Sendable, Hashable {
    /// From 1; nil for one that is only proposed. Numbers aren't used again.
    public var id: Int?
    /// What tells hosts apart: the address of a network interface, six pairs of lower-case hexadecimal digits.
    public var mac: String
    public var name: String
    public var status: NodeStatus
    /// The cluster that it is assigned to.
    public var cluster: Int?
    public var roles: [String]
    /// What it is to become at the next deployment.
    public var pendingRoles: [String]
    /// An operator's own words.
    public var labels: [String: String]
    /// Extensions that are asked for calls about this node, before those of its cluster.
    public var extensions: [String]
    /// What the agent found out about the host: `interfaces`, `disks`, `cpu`, `memory`, …
    public var meta: JSONObject
    public var agentVersion: String?
    /// Whether it was heard of lately.
    public var isOnline: Bool
    /// Grows by one with each change.
    public var version: Int

    public init(
        id: Int? = nil, mac: String, name: String, status: NodeStatus = .discover, cluster: Int? = nil,
        roles: [String] = [], pendingRoles: [String] = [], labels: [String: String] = [:], extensions: [String] = [],
        meta: JSONObject = [:], agentVersion: String? = nil, isOnline: Bool = true, version: Int = 1
    ) {
        self.id = id
        self.mac = mac
        self.name = name
        self.status = status
        self.cluster = cluster
        self.roles = roles
        self.pendingRoles = pendingRoles
        self.labels = labels
        self.extensions = extensions
        self.meta = meta
        self.agentVersion = agentVersion
        self.isOnline = isOnline
        self.version = version
    }

    /// The fields that differ, by their names in JSON, without `version`.
    public static func changes(from before: FleetNode?, to after: FleetNode?) -> Set<String> {
        JSONObject.changedKeys(from: before?.json, to: after?.json).subtracting(["version"])
    }
}

extension FleetNode {
    /// With the keys `id`, `mac`, `name`, `status`, `cluster`, `roles`, `pending_roles`, `labels`, `extensions`, `meta`,
    /// `agent_version`, `online` and `version`.
    public var json: JSONObject {
        [
            "id": id.map { .integer($0) } ?? .null, "mac": .string(mac), "name": .string(name),
            "status": .string(status.rawValue), "online": .bool(isOnline),
            "cluster": cluster.map { .integer($0) } ?? .null, "roles": .array(roles.map { .string($0) }),
            "pending_roles": .array(pendingRoles.map { .string($0) }),
            "labels": .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "extensions": .array(extensions.map { .string($0) }), "meta": .object(meta),
            "agent_version": agentVersion.map { .string($0) } ?? .null,
            "version": .integer(version),
        ]
    }

    /// - Throws: ``FleetFormatError``.
    public init(json: JSONObject) throws(FleetFormatError) {
        let reader = FleetReader(json, of: "a node")
        self.init(
            id: try reader.optionalInteger("id"), mac: try reader.text("mac"), name: try reader.text("name"),
            status: try reader.word("status"), cluster: try reader.optionalInteger("cluster"),
            roles: try reader.texts("roles"), pendingRoles: try reader.texts("pending_roles"),
            labels: try reader.dictionary("labels"), extensions: try reader.texts("extensions"),
            meta: json["meta"]?.object ?? [:],
            agentVersion: json["agent_version"]?.string, isOnline: json["online"]?.bool ?? false,
            version: try reader.optionalInteger("version") ?? 1)
    }
}
