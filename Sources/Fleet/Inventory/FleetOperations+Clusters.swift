// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB

extension FleetOperations {
    func create(cluster: FleetCluster, as caller: Caller, _ options: Options = Options()) async throws -> FleetCluster {
        try await perform(caller, options) { database in
            try Self.checkName(cluster.name, of: nil, database)
            var plan = Plan("cluster.create") { _, outcome in outcome.clusters.first ?? cluster }
            plan.create(cluster)
            return plan
        }
    }

    func update(
        cluster id: Int, as caller: Caller, _ options: Options = Options(), action: String = "cluster.update",
        _ change: @escaping @Sendable (inout FleetCluster) throws -> Void
    ) async throws -> FleetCluster {
        try await perform(caller, options) { database in
            let before = try ClusterRows.find(id, database)
            try options.check(before.version, of: "cluster")
            var after = before
            try change(&after)
            try Self.checkName(after.name, of: id, database)
            var plan = Plan(action, "cluster \(id)") { _, outcome in outcome.clusters.first ?? before }
            plan.update(before, to: after)
            return plan
        }
    }

    /// What becomes of the nodes of a cluster that is deleted.
    enum Remainder: String, Sendable, CaseIterable {
        /// They are deleted before it, as in Nailgun.
        case delete
        /// They stay, in no cluster.
        case release
    }

    func delete(
        cluster id: Int, nodes remainder: Remainder?, as caller: Caller, _ options: Options = Options()
    ) async throws {
        let gone = try await perform(caller, options) { database -> Plan<Set<Int>> in
            let cluster = try ClusterRows.find(id, database)
            try options.check(cluster.version, of: "cluster")
            let nodes = try NodeRows.all(database, cluster: id)
            guard nodes.isEmpty || remainder != nil else {
                throw FleetProblem(
                    .conflict,
                    "The cluster has \(nodes.count) nodes; say what becomes of them: nodes=delete or nodes=release.")
            }
            let gone = remainder == .delete ? Set(nodes.compactMap(\.id)) : []
            var plan = Plan("cluster.delete", "cluster \(id)") { _, _ in gone }
            if remainder == .delete { plan.delete(nodes) }
            if remainder == .release { for node in nodes { plan.release(node) } }
            plan.delete(cluster)
            return plan
        }
        inventory.tokens.remove(ofNodes: gone)
    }

    /// Puts nodes into a cluster, or gives nodes that are in it other roles.
    func assign(
        nodes ids: [Int], roles: [String], toCluster id: Int, as caller: Caller, _ options: Options = Options()
    ) async throws -> [FleetNode] {
        try await perform(caller, options) { database in
            let cluster = try ClusterRows.find(id, database)
            try options.check(cluster.version, of: "cluster")
            try Self.checkRoles(roles, database)
            var plan = Plan("cluster.assign", "cluster \(id)") { _, outcome in outcome.nodes }
            for node in try Set(ids).sorted().map({ try NodeRows.find($0, database) }) {
                if let old = node.cluster, old != id {
                    throw FleetProblem(
                        .conflict, "Node \(node.id ?? 0) is in cluster \(old); take it out of there first.")
                }
                var after = node
                after.cluster = id
                after.pendingRoles = roles
                plan.update(node, to: after)
            }
            return plan
        }
    }

    func unassign(
        nodes ids: [Int], fromCluster id: Int, as caller: Caller, _ options: Options = Options()
    ) async throws -> [FleetNode] {
        try await perform(caller, options) { database in
            let cluster = try ClusterRows.find(id, database)
            try options.check(cluster.version, of: "cluster")
            var plan = Plan("cluster.unassign", "cluster \(id)") { _, outcome in outcome.nodes }
            for node in try Set(ids).sorted().map({ try NodeRows.find($0, database) }) {
                guard node.cluster == id else {
                    throw FleetProblem(.conflict, "Node \(node.id ?? 0) is not in cluster \(id).")
                }
                plan.release(node)
            }
            return plan
        }
    }

    private static func checkName(_ name: String, of id: Int?, _ database: Database) throws {
        let taken = try Int.fetchOne(database, sql: "SELECT id FROM cluster WHERE name = ?", arguments: [name])
        if let taken, taken != id {
            throw FleetProblem(.conflict, "Cluster \(taken) has that name already.")
        }
    }
}

extension Plan {
    /// Takes a node out of its cluster.
    mutating func release(_ node: FleetNode) {
        var after = node
        after.cluster = nil
        (after.roles, after.pendingRoles) = ([], [])
        update(node, to: after, [.removeNodeFromCluster, .nodeUpdate])
    }
}
