// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

extension ModelRoot {
    /// The model as the older system writes it, sorted by UUID: instances inside their nodes, then those on none.
    public var xml: String {
        let nodes = nodeIDs.map { (uuid(of: $0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        let unmapped = sorted(instanceIDs.filter { nodeID(of: $0) == nil })
        var writer = XMLWriter(elements: nodeCount + instanceCount)
        writer.root("ModelRoot", isEmpty: nodes.isEmpty && unmapped.isEmpty) { writer in
            for node in nodes {
                let instances = sorted(instanceIDs(on: node))
                guard !instances.isEmpty else {
                    writer.write("ComputeNode", self[node], depth: 1)
                    continue
                }
                writer.write("ComputeNode", self[node], depth: 1) { writer in
                    for instance in instances { writer.write("Instance", self[instance], depth: 2) }
                }
            }
            for instance in unmapped { writer.write("Instance", self[instance], depth: 1) }
        }
        return writer.text
    }

    private func sorted(_ instances: [InstanceID]) -> [InstanceID] {
        instances.map { (uuid(of: $0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Reads what ``xml`` and the older system write; elements are added in the order in which they stand.
    public init(xml: String) throws {
        self.init()
        var node: NodeID?
        try ModelXML.elements(of: xml) { name, path, attributes in
            switch (path, name) {
            case ([], "ComputeNode"): node = add(try ComputeNode(attributes, keyName: "uuid"))
            case ([], "Instance"): add(try Instance(attributes, keyName: "uuid"))
            case (["ComputeNode"], "Instance"):
                let instance = add(try Instance(attributes, keyName: "uuid"))
                if let node { map(instance, to: node) }
            default: throw ModelFormatError(unexpected: name, in: path)
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
        var (host, poolName) = ("", "")
        try ModelXML.elements(of: xml) { name, path, attributes in
            switch (path, name) {
            case ([], "StorageNode"):
                let node = try StorageNode(attributes, keyName: "host")
                add(node)
                host = node.host
            case ([], "Pool"), (["StorageNode"], "Pool"):
                let pool = try Pool(attributes, keyName: "name")
                add(pool)
                poolName = pool.name
                if !path.isEmpty { try map(pool: pool.name, to: host) }
            case ([], "Volume"): add(try Volume(attributes, keyName: "uuid"))
            case (["Pool"], "Volume"), (["StorageNode", "Pool"], "Volume"):
                let volume = try Volume(attributes, keyName: "uuid")
                add(volume)
                try map(volume: volume.uuid, to: poolName)
            default: throw ModelFormatError(unexpected: name, in: path)
            }
        }
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
        try ModelXML.elements(of: xml) { name, path, attributes in
            switch (path, name) {
            case ([], "IronicNode"): add(try IronicNode(attributes, keyName: "uuid"))
            case (["IronicNode"], _): break
            default: throw ModelFormatError(unexpected: name, in: path)
            }
        }
    }
}
