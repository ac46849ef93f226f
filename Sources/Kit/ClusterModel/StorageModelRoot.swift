// SPDX-License-Identifier: Apache-2.0

/// The storage part of a cluster: which back ends have which pools, and which volume is in which.
///
/// Orders are kept as in ``ModelRoot``. Elements are named by their keys: a storage node by its host, a pool by its
/// name, a volume by its UUID.
public struct StorageModelRoot: AgingModel, Hashable {
    public var isStale: Bool

    var nodes = ElementTable<StorageNode>()
    var pools = ElementTable<Pool>()
    var volumes = ElementTable<Volume>()
    /// Pool to node, volume to pool, by key.
    private var nodeOfPool: [String: String] = [:]
    private var poolOfVolume: [String: String] = [:]
    /// Node to pools, pool to volumes, in the order in which they came.
    private var poolsOn: [String: [String]] = [:]
    private var volumesIn: [String: [String]] = [:]

    public init(isStale: Bool = false) { self.isStale = isStale }

    public var allNodes: [StorageNode] { nodes.liveSlots.map { nodes[$0] } }
    public var allPools: [Pool] { pools.liveSlots.map { pools[$0] } }
    public var allVolumes: [Volume] { volumes.liveSlots.map { volumes[$0] } }

    // MARK: Look-ups

    public func contains(node host: String) -> Bool { nodes.slot(of: host) != nil }
    public func contains(pool name: String) -> Bool { pools.slot(of: name) != nil }
    public func contains(volume uuid: String) -> Bool { volumes.slot(of: uuid) != nil }

    /// The node of a host, also where a pool on it is named.
    public func node(named name: String) throws(ModelError) -> StorageNode {
        guard let slot = nodes.slot(of: String(name.prefix { $0 != "#" })) else { throw .storageNodeNotFound(name) }
        return nodes[slot]
    }

    public func pool(named name: String) throws(ModelError) -> Pool {
        guard let slot = pools.slot(of: name) else { throw .poolNotFound(name) }
        return pools[slot]
    }

    public func volume(uuid: String) throws(ModelError) -> Volume {
        guard let slot = volumes.slot(of: uuid) else { throw .volumeNotFound(uuid) }
        return volumes[slot]
    }

    public func node(ofPool name: String) throws(ModelError) -> StorageNode {
        guard let node = nodeOfPool[try pool(named: name).name] else { throw .volumeNotMapped(name) }
        return try self.node(named: node)
    }

    public func pool(ofVolume uuid: String) throws(ModelError) -> Pool {
        guard let pool = poolOfVolume[try volume(uuid: uuid).uuid] else { throw .volumeNotMapped(uuid) }
        return try self.pool(named: pool)
    }

    public func pools(on host: String) -> [Pool] {
        (poolsOn[host] ?? []).compactMap { pools.slot(of: $0) }.map { pools[$0] }
    }

    public func volumes(in pool: String) -> [Volume] {
        (volumesIn[pool] ?? []).compactMap { volumes.slot(of: $0) }.map { volumes[$0] }
    }

    /// Those in no pool, in order.
    public var unmappedVolumes: [Volume] { allVolumes.filter { poolOfVolume[$0.uuid] == nil } }

    /// Those on no node, in order.
    public var unmappedPools: [Pool] { allPools.filter { nodeOfPool[$0.name] == nil } }

    // MARK: Changes

    /// An element of the same key is replaced and keeps its place and its ties; so with the other two.
    public mutating func add(_ node: StorageNode) { _ = nodes.add(node) }
    public mutating func add(_ pool: Pool) { _ = pools.add(pool) }
    public mutating func add(_ volume: Volume) { _ = volumes.add(volume) }

    /// Its pools stay, on no node.
    public mutating func removeNode(host: String) throws(ModelError) {
        guard let slot = nodes.slot(of: host) else { throw .storageNodeNotFound(host) }
        for pool in poolsOn.removeValue(forKey: host) ?? [] { nodeOfPool[pool] = nil }
        nodes.remove(slot)
        if nodes.isSparse { _ = nodes.compact() }
    }

    /// Its volumes stay, in no pool.
    public mutating func removePool(name: String) throws(ModelError) {
        guard let slot = pools.slot(of: name) else { throw .poolNotFound(name) }
        unmapPool(name)
        for volume in volumesIn.removeValue(forKey: name) ?? [] { poolOfVolume[volume] = nil }
        pools.remove(slot)
        if pools.isSparse { _ = pools.compact() }
    }

    public mutating func removeVolume(uuid: String) throws(ModelError) {
        guard let slot = volumes.slot(of: uuid) else { throw .volumeNotFound(uuid) }
        unmapVolume(uuid)
        volumes.remove(slot)
        if volumes.isSparse { _ = volumes.compact() }
    }

    /// Puts a pool on a node, at the end; one that is there already stays at its place.
    public mutating func map(pool name: String, to host: String) throws(ModelError) {
        guard nodeOfPool[try pool(named: name).name] != host else { return }
        _ = try node(named: host)
        unmapPool(name)
        nodeOfPool[name] = host
        poolsOn[host, default: []].append(name)
    }

    public mutating func unmapPool(_ name: String) {
        guard let host = nodeOfPool.removeValue(forKey: name) else { return }
        poolsOn[host]?.removeAll { $0 == name }
    }

    /// Puts a volume into a pool, at the end; one that is there already stays at its place.
    public mutating func map(volume uuid: String, to pool: String) throws(ModelError) {
        guard poolOfVolume[try volume(uuid: uuid).uuid] != pool else { return }
        _ = try self.pool(named: pool)
        unmapVolume(uuid)
        poolOfVolume[uuid] = pool
        volumesIn[pool, default: []].append(uuid)
    }

    public mutating func unmapVolume(_ uuid: String) {
        guard let pool = poolOfVolume.removeValue(forKey: uuid) else { return }
        volumesIn[pool]?.removeAll { $0 == uuid }
    }
}
