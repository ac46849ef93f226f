// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB

/// What an operation would change, worked out from what there is: made once to ask extensions about it, and once more in
/// the transaction that carries it out, which goes on only where both are the same.
struct Plan<Value: Sendable>: Sendable {
    /// For the audit log: `node.create`, and of what.
    var action: String
    var subject = ""
    /// Extensions are asked about each, and told of each in this order.
    private(set) var events: [FleetEvent] = []
    private(set) var nodes: [RowChange<FleetNode>] = []
    private(set) var clusters: [RowChange<FleetCluster>] = []
    /// Runs in the transaction, after all else, with what was made.
    var finish: @Sendable (Database, Outcome) throws -> Value

    struct RowChange<Row: Sendable & Hashable>: Sendable, Hashable {
        var before: Row?
        var after: Row?
    }

    /// What was written.
    struct Outcome: Sendable {
        var nodes: [FleetNode] = []
        var clusters: [FleetCluster] = []
    }

    init(
        _ action: String, _ subject: String = "", finish: @escaping @Sendable (Database, Outcome) throws -> Value
    ) {
        self.action = action
        self.subject = subject
        self.finish = finish
    }

    mutating func create(_ node: FleetNode) {
        nodes.append(.init(before: nil, after: node))
        events.append(FleetEvent(kind: .nodeCreate, nodeAfter: node))
    }

    /// Nothing where nothing differs.
    ///
    /// - Parameter kinds: the events that it is, in their order.
    mutating func update(_ before: FleetNode, to changed: FleetNode, _ kinds: [FleetEvent.Kind] = [.nodeUpdate]) {
        guard before != changed else { return }
        var after = changed
        after.version = before.version + 1
        nodes.append(.init(before: before, after: after))
        for kind in kinds { events.append(FleetEvent(kind: kind, nodeBefore: before, nodeAfter: after)) }
    }

    /// - Parameter doomed: by ascending id.
    mutating func delete(_ doomed: [FleetNode]) {
        guard !doomed.isEmpty else { return }
        for node in doomed {
            nodes.append(.init(before: node, after: nil))
            events.append(FleetEvent(kind: .nodeDelete, nodeBefore: node))
        }
        events.append(FleetEvent(kind: .nodeCollectionDelete, nodeIDs: doomed.compactMap(\.id)))
    }

    mutating func create(_ cluster: FleetCluster) {
        clusters.append(.init(before: nil, after: cluster))
        events.append(FleetEvent(kind: .clusterCreate, clusterAfter: cluster))
        noteExtensions(from: [], to: cluster)
    }

    mutating func update(_ before: FleetCluster, to changed: FleetCluster) {
        guard before != changed else { return }
        var after = changed
        after.version = before.version + 1
        clusters.append(.init(before: before, after: after))
        events.append(FleetEvent(kind: .clusterUpdate, clusterBefore: before, clusterAfter: after))
        noteExtensions(from: before.extensions, to: after)
    }

    mutating func delete(_ cluster: FleetCluster) {
        clusters.append(.init(before: cluster, after: nil))
        events.append(FleetEvent(kind: .clusterDelete, clusterBefore: cluster))
    }

    private mutating func noteExtensions(from before: [String], to cluster: FleetCluster) {
        for name in cluster.extensions where !before.contains(name) {
            events.append(FleetEvent(kind: .extensionEnabled, clusterAfter: cluster, extensionName: name))
        }
        for name in before where !cluster.extensions.contains(name) {
            events.append(FleetEvent(kind: .extensionDisabled, clusterAfter: cluster, extensionName: name))
        }
    }
}
