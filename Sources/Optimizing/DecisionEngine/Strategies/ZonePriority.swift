// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

/// Who goes first. Each key sorts anew, the first one last, so that it outweighs the others.
struct ZonePriority {
    private let keys: [(name: String, value: JSONValue)]

    init(_ json: JSONObject) { keys = json.entries.reversed().map { ($0.key, $0.value) } }

    func sorted(_ instances: [Instance]) -> [Instance] {
        keys.reduce(instances) { instances, key in
            switch (key.name, key.value.string) {
            case ("project", _): instances.moved(toFront: key.value) { $0.projectID.text }
            case ("compute_node", _): instances.moved(toFront: key.value) { $0.host }
            case ("compute", "vcpu_num"): instances.sorted(by: { Double($0.vcpus ?? 0) }, descending: true)
            case ("compute", "mem_size"): instances.sorted(by: { Double($0.memory ?? 0) }, descending: true)
            case ("compute", "disk_size"): instances.sorted(by: { Double($0.disk ?? 0) }, descending: true)
            case ("compute", "created_at"): instances.sorted { Double($0.created?.microseconds ?? 0) }
            default: instances
            }
        }
    }

    func sorted(_ volumes: [Volume]) -> [Volume] {
        keys.reduce(volumes) { volumes, key in
            switch (key.name, key.value.string) {
            case ("project", _): volumes.moved(toFront: key.value) { $0.projectID.text }
            case ("storage_pool", _): volumes.moved(toFront: key.value) { $0.host }
            case ("storage", "size"): volumes.sorted(by: { Double($0.size ?? 0) }, descending: true)
            case ("storage", "created_at"): volumes.sorted { $0.createdAt ?? "" < $1.createdAt ?? "" }
            default: volumes
            }
        }
    }
}

extension Array {
    /// Those of the first value of a list first, then those of the second, and so on; others after them, as they were.
    fileprivate func moved(toFront values: JSONValue, by key: (Element) -> String?) -> [Element] {
        (values.array ?? []).reversed().reduce(self) { elements, value in
            elements.filter { key($0) == value.string } + elements.filter { key($0) != value.string }
        }
    }
}
