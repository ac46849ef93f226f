// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What Nova knows of groups of hosts.
public struct HostGroups: Sendable {
    /// `os-aggregates`.
    public var aggregates: [JSONValue]
    /// `os-services`, those of binary `nova-compute`.
    public var services: [JSONValue]

    public init(aggregates: [JSONValue] = [], services: [JSONValue] = []) {
        self.aggregates = aggregates
        self.services = services
    }

    /// The hosts of the aggregates that a rule's items name by `id` or `name`.
    func hosts(ofAggregates items: JSONValue) throws(AuditScope.Mistake) -> [String] {
        let (ids, names) = (items.values("id"), items.values("name"))
        let isAll = try (ids + names).isWildcard(of: "host_aggregates")
        return aggregates.filter { aggregate in
            isAll || aggregate["id"].map(ids.contains) ?? false || aggregate["name"].map(names.contains) ?? false
        }.flatMap { $0["hosts"]?.array ?? [] }.compactMap(\.string)
    }

    /// The hosts of the zones that a rule's items name.
    func hosts(ofZones items: JSONValue) throws(AuditScope.Mistake) -> [String] {
        let names = items.values("name")
        let isAll = try names.isWildcard(of: "availability_zones")
        return services.filter { service in isAll || service["zone"].map(names.contains) ?? false }
            .compactMap { $0["host"]?.string }
    }
}

extension AuditScope {
    /// The model as an audit may see it. Nodes outside are gone, with their instances; instances that are to be left
    /// alone stay and are marked as such, as they still take room.
    ///
    /// - Parameters:
    ///   - heedsMetadata: whether rules about instances' metadata count, which a strategy asks for.
    ///   - warnings: takes up what the scope names and the model doesn't have.
    public func apply(
        to model: ModelRoot, groups: HostGroups, heedsMetadata: Bool, warnings: inout [String]
    ) throws -> ModelRoot {
        let rules = try rules("compute")
        guard !rules.isEmpty else { return model }
        var allowed: [String] = []
        var includes = false
        var excluded = Exclusions()
        for rule in rules {
            if let items = rule["host_aggregates"] {
                includes = true
                allowed += try groups.hosts(ofAggregates: items)
            } else if let items = rule["availability_zones"] {
                includes = true
                allowed += try groups.hosts(ofZones: items)
            } else if let items = rule["exclude"] {
                try excluded.read(items, groups)
            } else {
                throw Mistake.malformed(
                    "a compute rule is of host_aggregates, availability_zones or exclude, not \(rule.json.prefix(80))")
            }
        }
        var model = model
        if includes {
            let allowed = Set(allowed)
            for node in model.allNodes where !allowed.contains(node.hostname ?? "") {
                try model.removeWithInstances(node: node.uuid)
            }
        }
        for hostname in Set(excluded.hosts).sorted() {
            try model.removeWithInstances(node: try model.node(hostname: hostname).uuid)
        }
        excluded.mark(in: &model, heedsMetadata: heedsMetadata, warnings: &warnings)
        return model
    }
}

private struct Exclusions {
    var hosts: [String] = []
    private var instances: [String] = []
    private var projects: Set<String> = []
    private var metadata: [String: JSONValue] = [:]

    mutating func read(_ items: JSONValue, _ groups: HostGroups) throws(AuditScope.Mistake) {
        for item in items.array ?? [] {
            if let values = item["instances"] { instances += values.texts("uuid") }
            if let values = item["compute_nodes"] { hosts += values.texts("name") }
            if let values = item["host_aggregates"] { hosts += try groups.hosts(ofAggregates: values) }
            if let values = item["projects"] { projects.formUnion(values.texts("uuid")) }
            for object in item["instance_metadata"]?.array ?? [] {
                for entry in object.object?.entries ?? [] { metadata[entry.key] = entry.value }
            }
        }
    }

    func mark(in model: inout ModelRoot, heedsMetadata: Bool, warnings: inout [String]) {
        var marked: [ModelRoot.InstanceID] = []
        for uuid in instances {
            if let instance = model.findInstance(uuid: uuid), model.nodeID(of: instance) != nil {
                marked.append(instance)
            } else {
                warnings.append("the scope leaves out instance \(uuid), which is on none of its nodes")
            }
        }
        for id in model.instanceIDs {
            let instance = model[id]
            if instance.projectID.text.map(projects.contains) ?? false || (heedsMetadata && matches(instance.metadata))
            {
                marked.append(id)
            }
        }
        for id in marked {
            // Nobody would move one that is on no node.
            guard let node = model.nodeID(of: id) else { continue }
            model[id].isExcluded = true
            model.unmap(id)
            model.map(id, to: node)
        }
    }

    /// All keys are there, and one of the values is the same, upper and lower case aside.
    private func matches(_ own: JSONObject?) -> Bool {
        guard !metadata.isEmpty, let own, metadata.keys.allSatisfy({ own[$0] != nil }) else { return false }
        return metadata.contains { key, value in
            own[key].map { PythonLiteral.text($0).lowercased() == PythonLiteral.text(value).lowercased() } ?? false
        }
    }
}

extension ModelRoot {
    fileprivate mutating func removeWithInstances(node uuid: String) throws {
        for instance in instances(on: try nodeID(uuid: uuid)) { try removeInstance(uuid: instance.uuid) }
        try removeNode(uuid: uuid)
    }
}
