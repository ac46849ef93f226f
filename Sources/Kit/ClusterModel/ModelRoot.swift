// SPDX-License-Identifier: Apache-2.0

/// The compute part of a cluster: which nodes there are, and which instance runs where.
///
/// A value: a copy shares its storage until one of the two is changed, and only what is changed is then copied, so a
/// strategy may try out what it likes. Nodes, instances and the instances of a node keep the order in which they were
/// added; who is moved to a node goes to the end of its list. What is used of a node is kept up to date with each
/// change.
public struct ModelRoot: AgingModel, Hashable {
    /// A node's place in one model and in copies of it. Holds until something is removed.
    public struct NodeID: Sendable, Hashable {
        package let slot: Int
    }

    /// An instance's place in one model and in copies of it. Holds until something is removed.
    public struct InstanceID: Sendable, Hashable {
        package let slot: Int
    }

    public var isStale: Bool

    var nodes = ElementTable<ComputeNode>()
    var instances = ElementTable<Instance>()
    /// By instance: the node's slot; -1 for none.
    var nodeOf: [Int32] = []
    /// By node: its instances' slots, in the order in which they came.
    var instancesOn: [[Int32]] = []
    /// By node.
    var used: [Resources] = []
    /// The first of each host name.
    var nodeOfHostname: [String: Int] = [:]

    public init(isStale: Bool = false) { self.isStale = isStale }

    public var nodeCount: Int { nodes.count }
    public var instanceCount: Int { instances.count }
    public var nodeIDs: [NodeID] { nodes.liveSlots.map(NodeID.init) }
    public var instanceIDs: [InstanceID] { instances.liveSlots.map(InstanceID.init) }
    public var allNodes: [ComputeNode] { nodes.liveSlots.map { nodes[$0] } }
    public var allInstances: [Instance] { instances.liveSlots.map { instances[$0] } }

    // MARK: Look-ups

    public func nodeID(uuid: String) throws(ModelError) -> NodeID {
        guard let node = findNode(uuid: uuid) else { throw .computeNodeNotFound(uuid) }
        return node
    }

    /// The first node of that host name; nil where there is none.
    public func findNode(hostname: String) -> NodeID? { nodeOfHostname[hostname].map(NodeID.init) }

    /// The node of that UUID; nil where there is none.
    public func findNode(uuid: String) -> NodeID? { nodes.slot(of: uuid).map(NodeID.init) }

    /// The instance of that UUID; nil where there is none.
    public func findInstance(uuid: String) -> InstanceID? { instances.slot(of: uuid).map(InstanceID.init) }

    /// As ``findNode(hostname:)``, where there must be one.
    public func nodeID(hostname: String) throws(ModelError) -> NodeID {
        guard let node = findNode(hostname: hostname) else { throw .computeNodeNotFound(hostname) }
        return node
    }

    public func instanceID(uuid: String) throws(ModelError) -> InstanceID {
        guard let instance = findInstance(uuid: uuid) else { throw .instanceNotFound(uuid) }
        return instance
    }

    /// Nil where it is on none.
    public func nodeID(of instance: InstanceID) -> NodeID? {
        nodeOf[instance.slot] < 0 ? nil : NodeID(slot: Int(nodeOf[instance.slot]))
    }

    /// Cheaper than reading the whole node.
    public func uuid(of node: NodeID) -> String { nodes.key(node.slot) }
    /// Cheaper than reading the whole instance.
    public func uuid(of instance: InstanceID) -> String { instances.key(instance.slot) }

    public func instanceIDs(on node: NodeID) -> [InstanceID] {
        instancesOn[node.slot].map { InstanceID(slot: Int($0)) }
    }

    public func instanceCount(on node: NodeID) -> Int { instancesOn[node.slot].count }

    public func node(uuid: String) throws(ModelError) -> ComputeNode { nodes[try nodeID(uuid: uuid).slot] }
    public func node(hostname: String) throws(ModelError) -> ComputeNode { nodes[try nodeID(hostname: hostname).slot] }
    public func instance(uuid: String) throws(ModelError) -> Instance { instances[try instanceID(uuid: uuid).slot] }

    /// The node that runs an instance.
    public func node(ofInstance uuid: String) throws(ModelError) -> ComputeNode {
        guard let node = nodeID(of: try instanceID(uuid: uuid)) else { throw .instanceNotMapped(uuid) }
        return nodes[node.slot]
    }

    public func instances(on node: NodeID) -> [Instance] { instancesOn[node.slot].map { instances[Int($0)] } }

    /// Setting keeps key and place; it is how a node's status is changed.
    public subscript(node: NodeID) -> ComputeNode {
        _read { yield nodes[node.slot] }
        set {
            let old = nodes[node.slot].hostname
            nodes[node.slot] = newValue
            if old != newValue.hostname {
                forget(hostname: old)
                remember(hostname: newValue.hostname, of: node.slot)
            }
        }
    }

    /// Setting keeps key, place and node; what is used of its node follows.
    public subscript(instance: InstanceID) -> Instance {
        _read { yield instances[instance.slot] }
        set {
            let node = Int(nodeOf[instance.slot])
            if node >= 0 { used[node] = used[node] - instances[instance.slot].demand + newValue.demand }
            instances[instance.slot] = newValue
        }
    }

    // MARK: Resources

    /// What the instances of a node take of it, whatever their state.
    public func used(of node: NodeID) -> Resources { used[node.slot] }

    /// What a node can still promise; negative where it is over-committed beyond its ratios.
    public func free(of node: NodeID) -> Capacity { nodes[node.slot].capacity - used[node.slot] }
}
