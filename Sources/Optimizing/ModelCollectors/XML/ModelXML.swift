// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
internal import XMLTree

extension ModelRoot {
    /// The model as the older system writes it, sorted by UUID: instances inside their nodes, then those on none.
    public var xml: String {
        let nodes = nodeIDs.sorted { self[$0].uuid < self[$1].uuid }
        let unmapped = instanceIDs.filter { nodeID(of: $0) == nil }.map { self[$0] }.sorted { $0.uuid < $1.uuid }
        var writer = XMLWriter()
        writer.root("ModelRoot", isEmpty: nodes.isEmpty && unmapped.isEmpty) { writer in
            for node in nodes {
                let instances = instances(on: node).sorted { $0.uuid < $1.uuid }
                guard !instances.isEmpty else {
                    writer.write("ComputeNode", self[node], depth: 1)
                    continue
                }
                writer.write("ComputeNode", self[node], depth: 1) { writer in
                    for instance in instances { writer.write("Instance", instance, depth: 2) }
                }
            }
            for instance in unmapped { writer.write("Instance", instance, depth: 1) }
        }
        return writer.text
    }

    /// Reads what ``xml`` and the older system write; elements are added in the order in which they stand.
    public init(xml: String) throws {
        self.init()
        for element in try XMLElement(root: xml).children {
            switch element.name {
            case "ComputeNode":
                let node = add(try ComputeNode(element, keyName: "uuid"))
                for child in element.children {
                    guard child.name == "Instance" else { throw ModelFormatError(unexpected: child, in: "ComputeNode") }
                    map(add(try Instance(child, keyName: "uuid")), to: node)
                }
            case "Instance": add(try Instance(element, keyName: "uuid"))
            default: throw ModelFormatError(unexpected: element, in: "ModelRoot")
            }
        }
    }
}

extension StorageModelRoot {
    /// As ``ModelRoot/xml``: nodes by host, their pools by name, volumes by UUID, then pools and volumes on their own.
    public var xml: String {
        let nodes = allNodes.sorted { $0.host < $1.host }
        let pools = unmappedPools.sorted { $0.name < $1.name }
        let volumes = unmappedVolumes.sorted { $0.uuid < $1.uuid }
        var writer = XMLWriter()
        writer.root("ModelRoot", isEmpty: nodes.isEmpty && pools.isEmpty && volumes.isEmpty) { writer in
            for node in nodes {
                let pools = self.pools(on: node.host).sorted { $0.name < $1.name }
                guard !pools.isEmpty else {
                    writer.write("StorageNode", node, depth: 1)
                    continue
                }
                writer.write("StorageNode", node, depth: 1) { writer in
                    for pool in pools { write(pool, depth: 2, with: &writer) }
                }
            }
            for pool in pools { write(pool, depth: 1, with: &writer) }
            for volume in volumes { writer.write("Volume", volume, depth: 1) }
        }
        return writer.text
    }

    private func write(_ pool: Pool, depth: Int, with writer: inout XMLWriter) {
        let volumes = volumes(in: pool.name).sorted { $0.uuid < $1.uuid }
        guard !volumes.isEmpty else { return writer.write("Pool", pool, depth: depth) }
        writer.write("Pool", pool, depth: depth) { writer in
            for volume in volumes { writer.write("Volume", volume, depth: depth + 1) }
        }
    }

    /// Reads what ``xml`` and the older system write; elements are added in the order in which they stand.
    public init(xml: String) throws {
        self.init()
        for element in try XMLElement(root: xml).children {
            switch element.name {
            case "StorageNode":
                let node = try StorageNode(element, keyName: "host")
                add(node)
                for child in element.children { try map(pool: add(poolWithVolumes: child), to: node.host) }
            case "Pool": _ = try add(poolWithVolumes: element)
            case "Volume": add(try Volume(element, keyName: "uuid"))
            default: throw ModelFormatError(unexpected: element, in: "ModelRoot")
            }
        }
    }

    private mutating func add(poolWithVolumes element: XMLElement) throws -> String {
        guard element.name == "Pool" else { throw ModelFormatError(unexpected: element, in: "StorageNode") }
        let pool = try Pool(element, keyName: "name")
        add(pool)
        for child in element.children {
            guard child.name == "Volume" else { throw ModelFormatError(unexpected: child, in: "Pool") }
            let volume = try Volume(child, keyName: "uuid")
            add(volume)
            try map(volume: volume.uuid, to: pool.name)
        }
        return pool.name
    }
}

extension BaremetalModelRoot {
    /// As ``ModelRoot/xml``: nodes by UUID.
    public var xml: String {
        let nodes = allNodes.sorted { $0.uuid < $1.uuid }
        var writer = XMLWriter()
        writer.root("ModelRoot", isEmpty: nodes.isEmpty) { writer in
            for node in nodes { writer.write("IronicNode", node, depth: 1) }
        }
        return writer.text
    }

    /// Reads what ``xml`` and the older system write. A child `extra` is passed over, as there.
    public init(xml: String) throws {
        self.init()
        for element in try XMLElement(root: xml).children {
            guard element.name == "IronicNode" else { throw ModelFormatError(unexpected: element, in: "ModelRoot") }
            add(try IronicNode(element, keyName: "uuid"))
        }
    }
}
