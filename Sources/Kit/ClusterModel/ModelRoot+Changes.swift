// SPDX-License-Identifier: Apache-2.0

extension ModelRoot {
    /// A node of the same UUID is replaced and keeps its place and its instances.
    @discardableResult
    public mutating func add(_ node: ComputeNode) -> NodeID {
        if let slot = nodes.slot(of: node.uuid) {
            self[NodeID(slot: slot)] = node
            return NodeID(slot: slot)
        }
        let slot = nodes.add(node)
        instancesOn.append([])
        used.append(Resources())
        remember(hostname: node.hostname, of: slot)
        return NodeID(slot: slot)
    }

    /// An instance of the same UUID is replaced and keeps its place and its node; a new one is on no node.
    @discardableResult
    public mutating func add(_ instance: Instance) -> InstanceID {
        if let slot = instances.slot(of: instance.uuid) {
            self[InstanceID(slot: slot)] = instance
            return InstanceID(slot: slot)
        }
        nodeOf.append(-1)
        return InstanceID(slot: instances.add(instance))
    }

    /// Its instances stay, on no node.
    public mutating func removeNode(uuid: String) throws(ModelError) {
        let slot = try nodeID(uuid: uuid).slot
        for instance in instancesOn[slot] { nodeOf[Int(instance)] = -1 }
        instancesOn[slot] = []
        used[slot] = Resources()
        let hostname = nodes[slot].hostname
        nodes.remove(slot)
        forget(hostname: hostname)
        if nodes.isSparse { compactNodes() }
    }

    public mutating func removeInstance(uuid: String) throws(ModelError) {
        let instance = try instanceID(uuid: uuid)
        unmap(instance)
        instances.remove(instance.slot)
        if instances.isSparse { compactInstances() }
    }

    /// Puts an instance on a node, at the end of its list; one that is there already stays at its place, one on
    /// another node leaves it.
    public mutating func map(_ instance: InstanceID, to node: NodeID) {
        guard nodeOf[instance.slot] != node.slot else { return }
        unmap(instance)
        nodeOf[instance.slot] = Int32(node.slot)
        instancesOn[node.slot].append(Int32(instance.slot))
        used[node.slot] = used[node.slot] + instances[instance.slot].demand
    }

    /// As ``map(_:to:)-(InstanceID,_)``, by UUID.
    public mutating func map(instance: String, to node: String) throws(ModelError) {
        map(try instanceID(uuid: instance), to: try nodeID(uuid: node))
    }

    /// Takes an instance off its node; one on none stays so.
    public mutating func unmap(_ instance: InstanceID) {
        let node = Int(nodeOf[instance.slot])
        guard node >= 0 else { return }
        if let place = instancesOn[node].firstIndex(of: Int32(instance.slot)) { instancesOn[node].remove(at: place) }
        used[node] = used[node] - instances[instance.slot].demand
        nodeOf[instance.slot] = -1
    }

    /// Moves an instance.
    ///
    /// - Returns: false where source and destination are one, and nothing was done.
    /// - Throws: ``ModelError/instanceNotMapped(_:)`` where the instance isn't on `source`.
    @discardableResult
    public mutating func migrate(
        _ instance: InstanceID, from source: NodeID, to destination: NodeID
    ) throws(ModelError) -> Bool {
        guard source != destination else { return false }
        guard nodeOf[instance.slot] == source.slot else { throw .instanceNotMapped(instances[instance.slot].uuid) }
        map(instance, to: destination)
        return true
    }

    // MARK: Workings

    mutating func remember(hostname: String?, of slot: Int) {
        guard let hostname else { return }
        nodeOfHostname[hostname] = min(nodeOfHostname[hostname] ?? slot, slot)
    }

    mutating func forget(hostname: String?) {
        guard let hostname else { return }
        nodeOfHostname[hostname] = nodes.liveSlots.first { nodes[$0].hostname == hostname }
    }

    private mutating func compactNodes() {
        let old = (instancesOn, used)
        let moved = nodes.compact()
        instancesOn = []
        used = []
        for (slot, new) in moved.enumerated() where new >= 0 {
            instancesOn.append(old.0[slot])
            used.append(old.1[slot])
        }
        nodeOf = nodeOf.map { $0 < 0 ? $0 : Int32(moved[Int($0)]) }
        nodeOfHostname = nodeOfHostname.mapValues { moved[$0] }
    }

    private mutating func compactInstances() {
        let old = nodeOf
        let moved = instances.compact()
        nodeOf = []
        for (slot, new) in moved.enumerated() where new >= 0 { nodeOf.append(old[slot]) }
        instancesOn = instancesOn.map { $0.map { Int32(moved[Int($0)]) } }
    }
}
