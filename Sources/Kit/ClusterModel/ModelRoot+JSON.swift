// SPDX-License-Identifier: Apache-2.0

extension ModelRoot {
    /// The whole model, its orders included: `nodes`, each with the UUIDs of its `instances`, and `instances`.
    public var json: JSONValue {
        [
            "model": "compute",
            "stale": .bool(isStale),
            "nodes": .array(
                nodeIDs.map { node in
                    var json = self[node].json
                    json["instances"] = .array(instanceIDs(on: node).map { .string(self[$0].uuid) })
                    return .object(json)
                }),
            "instances": .array(allInstances.map { .object($0.json) }),
        ]
    }

    public var text: String { json.json }

    /// Reads what ``json`` writes.
    public init(json: JSONValue) throws {
        guard let nodes = json["nodes"]?.array, let instances = json["instances"]?.array else {
            throw ModelFormatError("not a compute model: it has the lists \"nodes\" and \"instances\"")
        }
        self.init(isStale: json["stale"]?.bool ?? false)
        for value in instances {
            guard let object = value.object else { throw ModelFormatError("an instance that is no object") }
            add(try Instance(json: object, keyName: "uuid"))
        }
        for value in nodes {
            guard let object = value.object else { throw ModelFormatError("a node that is no object") }
            let node = add(try ComputeNode(json: object, keyName: "uuid"))
            for uuid in object["instances"]?.array ?? [] {
                map(try instanceID(uuid: uuid.string ?? uuid.json), to: node)
            }
        }
    }

    /// Whether both hold the same elements with the same properties, and the same instances on the same nodes; their
    /// orders may differ.
    public func isIsomorphic(to other: ModelRoot) -> Bool {
        func parts(_ model: ModelRoot) -> ([String: ComputeNode], [String: Instance], [String: String]) {
            let instances = model.instanceIDs
            return (
                Dictionary(uniqueKeysWithValues: model.allNodes.map { ($0.uuid, $0) }),
                Dictionary(uniqueKeysWithValues: model.allInstances.map { ($0.uuid, $0) }),
                Dictionary(
                    uniqueKeysWithValues: instances.compactMap { instance in
                        model.nodeID(of: instance).map { (model[instance].uuid, model[$0].uuid) }
                    })
            )
        }
        return parts(self) == parts(other)
    }

    /// A row for each instance on a node, `node_` and `server_` before the names of what is known, and one for each
    /// node without instances; sorted by the UUIDs of node and instance.
    ///
    /// As in the older system, an instance of which something isn't known shows there what the one before it on the
    /// same node has.
    public func list() -> [JSONObject] {
        var rows: [JSONObject] = []
        for node in nodeIDs.sorted(by: { self[$0].uuid < self[$1].uuid }) {
            var row = JSONObject()
            for entry in self[node].json.entries { row["node_\(entry.key)"] = entry.value }
            let instances = instances(on: node).sorted { $0.uuid < $1.uuid }
            if instances.isEmpty { rows.append(row) }
            for instance in instances {
                for entry in instance.json.entries { row["server_\(entry.key)"] = entry.value }
                rows.append(row)
            }
        }
        return rows
    }
}
