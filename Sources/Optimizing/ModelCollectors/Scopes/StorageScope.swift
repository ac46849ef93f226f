// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

extension AuditScope {
    /// The model as an audit may see it: what is outside is gone, with all that is in it. Rules that no node meets
    /// leave all nodes.
    ///
    /// - Parameter services: Cinder's `os-services`, those of binary `cinder-volume`.
    public func apply(to model: StorageModelRoot, services: [JSONValue]) throws -> StorageModelRoot {
        var model = model
        var allowed: Set<String> = []
        var pools: [String] = []
        var volumes: [String] = []
        var projects: Set<String> = []
        for rule in try rules("storage") {
            if let items = rule["volume_types"] {
                let names = items.values("name")
                let isAll = try names.isWildcard(of: "volume_types")
                allowed.formUnion(
                    model.allNodes.filter { node in
                        isAll || (node.volumeTypes ?? []).contains { names.contains(.string($0)) }
                    }.map(\.host))
            } else if let items = rule["availability_zones"] {
                let names = items.values("name")
                let isAll = try names.isWildcard(of: "availability_zones")
                allowed.formUnion(
                    services.filter { service in isAll || service["zone"].map(names.contains) ?? false }
                        .compactMap { $0["host"]?.string })
            } else if let items = rule["exclude"] {
                for item in items.array ?? [] {
                    pools += item["storage_pools"]?.texts("name") ?? []
                    volumes += item["volumes"]?.texts("uuid") ?? []
                    projects.formUnion(item["projects"]?.texts("uuid") ?? [])
                }
            } else {
                throw Mistake.malformed(
                    "a storage rule is of volume_types, availability_zones or exclude, not \(rule.json.prefix(80))")
            }
        }
        if !allowed.isEmpty {
            for node in model.allNodes where !allowed.contains(node.host) {
                for pool in model.pools(on: node.host) { try model.removeWithVolumes(pool: pool.name) }
                try model.removeNode(host: node.host)
            }
        }
        for pool in pools { try model.removeWithVolumes(pool: pool) }
        for volume in volumes { try model.removeVolume(uuid: volume) }
        for volume in model.allVolumes where volume.projectID.text.map(projects.contains) ?? false {
            try model.removeVolume(uuid: volume.uuid)
        }
        return model
    }

    /// The model without the machines that the scope leaves out.
    public func apply(to model: BaremetalModelRoot) throws -> BaremetalModelRoot {
        var model = model
        for rule in try rules("baremetal") {
            for item in rule["exclude"]?.array ?? [] {
                for uuid in item["ironic_nodes"]?.texts("uuid") ?? [] { try model.removeNode(uuid: uuid) }
            }
        }
        return model
    }
}

extension StorageModelRoot {
    fileprivate mutating func removeWithVolumes(pool name: String) throws {
        for volume in volumes(in: name) { try removeVolume(uuid: volume.uuid) }
        try removePool(name: name)
    }
}
