// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// The fleet's nodes and clusters for extensions: the way to them that stays, whatever the service's own tables become.
public struct FleetObjects: Sendable {
    private let host: any FleetHost

    public init(_ host: any FleetHost) { self.host = host }

    /// - Parameter cluster: only its nodes; nil for all.
    /// - Returns: by ascending id.
    public func nodes(inCluster cluster: Int? = nil) async throws -> [FleetNode] {
        let found = try await host.call("fleet.nodes", cluster.map { ["cluster": .integer($0)] } ?? [:])
        return try Self.list(found["nodes"]).map { try FleetNode(json: $0) }
    }

    /// nil where there is none of that id.
    public func node(_ id: Int) async throws -> FleetNode? {
        try await host.call("fleet.node", ["id": .integer(id)])["node"]?.object.map { try FleetNode(json: $0) }
    }

    public func clusters() async throws -> [FleetCluster] {
        try Self.list(try await host.call("fleet.clusters", [:])["clusters"]).map { try FleetCluster(json: $0) }
    }

    /// nil where there is none of that id.
    public func cluster(_ id: Int) async throws -> FleetCluster? {
        try await host.call("fleet.cluster", ["id": .integer(id)])["cluster"]?.object.map { try FleetCluster(json: $0) }
    }

    /// Changes a node's labels; nil takes one away. Others are told of it as of any change; the extension itself isn't
    /// asked.
    ///
    /// - Throws: where there is no such node, or another extension refuses it.
    @discardableResult
    public func setLabels(_ labels: [String: String?], ofNode id: Int) async throws -> FleetNode {
        let changes = labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map { JSONValue.string($0) } ?? .null) }
        let answer = try await host.call(
            "fleet.set_labels", ["id": .integer(id), "labels": .object(JSONObject(changes))])
        return try FleetNode(json: answer["node"]?.object ?? [:])
    }

    /// Changes a cluster's attributes, key by key; null takes one away.
    @discardableResult
    public func setAttributes(_ attributes: JSONObject, ofCluster id: Int) async throws -> FleetCluster {
        let answer = try await host.call(
            "fleet.set_attributes", ["id": .integer(id), "attributes": .object(attributes)])
        return try FleetCluster(json: answer["cluster"]?.object ?? [:])
    }

    /// Asks the first other extension that provides the call, of those named on the node, then of its cluster's.
    ///
    /// - Throws: where there is no such node, nobody provides it, or whoever does refuses or fails.
    public func call(_ name: String, ofNode id: Int, _ arguments: [JSONValue] = []) async throws -> JSONValue {
        let parameters: JSONObject = ["call": .string(name), "node": .integer(id), "arguments": .array(arguments)]
        return try await host.call("fleet.call", parameters)["value"] ?? .null
    }

    private static func list(_ value: JSONValue?) -> [JSONObject] { (value?.array ?? []).compactMap(\.object) }
}
