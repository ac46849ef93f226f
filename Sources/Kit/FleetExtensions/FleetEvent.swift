// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Something that has happened in the fleet, as extensions are told of it after it was committed: at least once each, in
/// the order in which it happened.
public struct FleetEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case nodeCreate = "node_create"
        case nodeUpdate = "node_update"
        case nodeReset = "node_reset"
        case nodeDelete = "node_delete"
        case nodeCollectionDelete = "node_collection_delete"
        case nodeOnline = "node_online"
        case nodeOffline = "node_offline"
        case removeNodeFromCluster = "remove_node_from_cluster"
        case clusterCreate = "cluster_create"
        case clusterUpdate = "cluster_update"
        case clusterDelete = "cluster_delete"
        case extensionEnabled = "extension_enabled"
        case extensionDisabled = "extension_disabled"
    }

    /// The same at every delivery; 32 hexadecimal digits. Whoever must not do a thing twice remembers it.
    public var id: String
    /// Where it stands among all events, from 1; 0 for one that is only proposed.
    public var number: Int
    public var kind: Kind
    /// When it was committed, in UTC: `2026-11-21T03:16:50.035734`.
    public var time: String
    /// As it was before; nil where there was none.
    public var nodeBefore: FleetNode?
    /// As it is after; nil where there is none any more.
    public var nodeAfter: FleetNode?
    public var clusterBefore: FleetCluster?
    public var clusterAfter: FleetCluster?
    /// What differs, by the names of the fields in JSON.
    public var changed: Set<String>
    /// Of a collection: ascending, at least one.
    public var nodeIDs: [Int]
    /// Of an extension that was enabled or disabled on a cluster: its name.
    public var extensionName: String?

    public init(
        id: String = "", number: Int = 0, kind: Kind, time: String = "", nodeBefore: FleetNode? = nil,
        nodeAfter: FleetNode? = nil, clusterBefore: FleetCluster? = nil, clusterAfter: FleetCluster? = nil,
        nodeIDs: [Int] = [], extensionName: String? = nil
    ) {
        self.id = id
        self.number = number
        self.kind = kind
        self.time = time
        self.nodeBefore = nodeBefore
        self.nodeAfter = nodeAfter
        self.clusterBefore = clusterBefore
        self.clusterAfter = clusterAfter
        changed = FleetNode.changes(from: nodeBefore, to: nodeAfter)
            .union(FleetCluster.changes(from: clusterBefore, to: clusterAfter))
        self.nodeIDs = nodeIDs
        self.extensionName = extensionName
    }

    /// The node that it is about: as it is after, or was last.
    public var node: FleetNode? { nodeAfter ?? nodeBefore }
    /// The cluster that it is about: as it is after, or was last.
    public var cluster: FleetCluster? { clusterAfter ?? clusterBefore }
}

extension FleetEvent {
    /// With the keys `id`, `number`, `kind`, `time`, `changed`, and, where they say something, `node` and `cluster` with
    /// `before` and `after`, `node_ids` and `extension`.
    public var json: JSONObject {
        var json: JSONObject = [
            "id": .string(id), "number": .integer(number), "kind": .string(kind.rawValue), "time": .string(time),
            "changed": .array(changed.sorted().map { .string($0) }),
        ]
        if node != nil { json["node"] = Self.pair(nodeBefore?.json, nodeAfter?.json) }
        if cluster != nil { json["cluster"] = Self.pair(clusterBefore?.json, clusterAfter?.json) }
        if !nodeIDs.isEmpty { json["node_ids"] = .array(nodeIDs.map { .integer($0) }) }
        if let extensionName { json["extension"] = .string(extensionName) }
        return json
    }

    private static func pair(_ before: JSONObject?, _ after: JSONObject?) -> JSONValue {
        ["before": before.map { .object($0) } ?? .null, "after": after.map { .object($0) } ?? .null]
    }

    /// - Throws: ``FleetFormatError``.
    public init(json: JSONObject) throws(FleetFormatError) {
        let reader = FleetReader(json, of: "an event")
        func node(_ side: String) throws(FleetFormatError) -> FleetNode? {
            guard let object = json["node"]?[side]?.object else { return nil }
            return try FleetNode(json: object)
        }
        func cluster(_ side: String) throws(FleetFormatError) -> FleetCluster? {
            guard let object = json["cluster"]?[side]?.object else { return nil }
            return try FleetCluster(json: object)
        }
        self.init(
            id: try reader.text("id"), number: try reader.optionalInteger("number") ?? 0,
            kind: try reader.word("kind"), time: try reader.text("time"), nodeBefore: try node("before"),
            nodeAfter: try node("after"), clusterBefore: try cluster("before"), clusterAfter: try cluster("after"),
            nodeIDs: (json["node_ids"]?.array ?? []).compactMap(\.integer), extensionName: json["extension"]?.string)
    }
}
