// SPDX-License-Identifier: Apache-2.0

/// The machines of a cluster that Ironic looks after, in the order in which they were added.
public struct BaremetalModelRoot: AgingModel, Hashable {
    public var isStale: Bool
    private var nodes = ElementTable<IronicNode>()

    public init(isStale: Bool = false) { self.isStale = isStale }

    public var allNodes: [IronicNode] { nodes.liveSlots.map { nodes[$0] } }

    public func node(uuid: String) throws(ModelError) -> IronicNode {
        guard let slot = nodes.slot(of: uuid) else { throw .ironicNodeNotFound(uuid) }
        return nodes[slot]
    }

    /// A node of the same UUID is replaced and keeps its place.
    public mutating func add(_ node: IronicNode) { _ = nodes.add(node) }

    public mutating func removeNode(uuid: String) throws(ModelError) {
        guard let slot = nodes.slot(of: uuid) else { throw .ironicNodeNotFound(uuid) }
        nodes.remove(slot)
        if nodes.isSparse { _ = nodes.compact() }
    }

    public var json: JSONValue {
        ["model": "baremetal", "stale": .bool(isStale), "nodes": .array(allNodes.map { .object($0.json) })]
    }

    public var text: String { json.json }

    /// Reads what ``json`` writes.
    public init(json: JSONValue) throws {
        guard let nodes = json["nodes"]?.array else {
            throw ModelFormatError("not a baremetal model: it has the list \"nodes\"")
        }
        self.init(isStale: json["stale"]?.bool ?? false)
        for value in nodes {
            guard let object = value.object else { throw ModelFormatError("a node that is no object") }
            add(try IronicNode(json: object, keyName: "uuid"))
        }
    }
}
