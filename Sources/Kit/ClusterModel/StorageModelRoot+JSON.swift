// SPDX-License-Identifier: Apache-2.0

extension StorageModelRoot {
    /// The whole model, its orders included: `nodes`, each with the names of its `pools`, `pools`, each with the
    /// UUIDs of its `volumes`, and `volumes`.
    public var json: JSONValue {
        [
            "model": "storage",
            "stale": .bool(isStale),
            "nodes": .array(
                allNodes.map { node in
                    var json = node.json
                    json["pools"] = .array(pools(on: node.host).map { .string($0.name) })
                    return .object(json)
                }),
            "pools": .array(
                allPools.map { pool in
                    var json = pool.json
                    json["volumes"] = .array(volumes(in: pool.name).map { .string($0.uuid) })
                    return .object(json)
                }),
            "volumes": .array(allVolumes.map { .object($0.json) }),
        ]
    }

    public var text: String { json.json }

    /// Reads what ``json`` writes.
    public init(json: JSONValue) throws {
        guard let nodes = json["nodes"]?.array, let pools = json["pools"]?.array,
            let volumes = json["volumes"]?.array
        else { throw ModelFormatError("not a storage model: it has the lists \"nodes\", \"pools\" and \"volumes\"") }
        self.init(isStale: json["stale"]?.bool ?? false)
        func objects(_ values: [JSONValue], _ name: String) throws -> [JSONObject] {
            try values.map { value in
                guard let object = value.object else { throw ModelFormatError("\(name) that is no object") }
                return object
            }
        }
        for object in try objects(volumes, "a volume") { add(try Volume(json: object, keyName: "uuid")) }
        for object in try objects(pools, "a pool") {
            let pool = try Pool(json: object, keyName: "name")
            add(pool)
            for uuid in object["volumes"]?.array ?? [] { try map(volume: uuid.string ?? uuid.json, to: pool.name) }
        }
        for object in try objects(nodes, "a node") {
            let node = try StorageNode(json: object, keyName: "host")
            add(node)
            for name in object["pools"]?.array ?? [] { try map(pool: name.string ?? name.json, to: node.host) }
        }
    }
}
