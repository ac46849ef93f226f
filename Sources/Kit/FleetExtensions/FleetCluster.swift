// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// A set of nodes that is deployed as one.
public struct FleetCluster: Sendable, Hashable {
    /// The words are Nailgun's.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case new, deployment, stopped, operational, error, remove
        case partiallyDeployed = "partially_deployed"
    }

    /// From 1; nil for one that is only proposed. Numbers aren't used again.
    public var id: Int?
    public var name: String
    public var status: Status
    /// The names of the extensions that are enabled on it, in the order in which they are asked.
    public var extensions: [String]
    /// What operators and extensions set for it.
    public var attributes: JSONObject
    /// Grows by one with each change.
    public var version: Int

    public init(
        id: Int? = nil, name: String, status: Status = .new, extensions: [String] = [], attributes: JSONObject = [:],
        version: Int = 1
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.extensions = extensions
        self.attributes = attributes
        self.version = version
    }

    /// The fields that differ, by their names in JSON, without `version`.
    public static func changes(from before: FleetCluster?, to after: FleetCluster?) -> Set<String> {
        JSONObject.changedKeys(from: before?.json, to: after?.json).subtracting(["version"])
    }
}

extension FleetCluster {
    /// With the keys `id`, `name`, `status`, `extensions`, `attributes` and `version`.
    public var json: JSONObject {
        [
            "id": id.map { .integer($0) } ?? .null, "name": .string(name), "status": .string(status.rawValue),
            "extensions": .array(extensions.map { .string($0) }), "attributes": .object(attributes),
            "version": .integer(version),
        ]
    }

    /// - Throws: ``FleetFormatError``.
    public init(json: JSONObject) throws(FleetFormatError) {
        let reader = FleetReader(json, of: "a cluster")
        self.init(
            id: try reader.optionalInteger("id"), name: try reader.text("name"), status: try reader.word("status"),
            extensions: try reader.texts("extensions"), attributes: json["attributes"]?.object ?? [:],
            version: try reader.optionalInteger("version") ?? 1)
    }
}
