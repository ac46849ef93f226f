// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import PluginHost
internal import Telemetry

extension Deployments {
    /// What of a generation takes its time to write down, done before the transaction.
    private struct Texts: Sendable {
        var data = ""
        var steps: [(position: Int, author: String, extensionName: String?, patch: String)] = []

        init(_ data: DeploymentData?) {
            guard let data else { return }
            self.data = JSONValue.object(data.json).json
            steps = data.steps.enumerated().map { position, step in
                (position, step.author, step.extensionName, step.patch.json.json)
            }
        }
    }

    /// Stores a generation; from now on agents get it.
    func commit(_ prepared: Prepared, as caller: Caller) async throws -> Generation {
        let (deployment, provisioning) = (Texts(prepared.deployment), Texts(prepared.provisioning))
        guard let id = prepared.cluster.id else { throw FleetProblem.noCluster(0) }
        let chosen = Dictionary(uniqueKeysWithValues: prepared.configurations.map { ($0.node, $0.digest) })
        return try await change(id, chosen, as: caller, seen: prepared.cluster.version) { [kept] database, nodes in
            try GenerationRows.insert(configurations: prepared.configurations, database)
            let last = try GenerationRows.last(cluster: id, database)
            let old = try last.map { try GenerationRows.members(of: $0, database) } ?? []
            let generation = try GenerationRows.insert(
                cluster: id, caller: caller.name, restores: nil, deployment: deployment.data,
                provisioning: provisioning.data, database)
            try GenerationRows.insert(deployment.steps, .deployment, of: generation, database)
            try GenerationRows.insert(provisioning.steps, .provisioning, of: generation, database)
            let present = Set(nodes.compactMap(\.id))
            let others = old.filter { present.contains($0.node) && chosen[$0.node] == nil }
            let made = chosen.sorted { $0.key < $1.key }.map {
                GenerationRows.Member(node: $0.key, digest: $0.value, origin: generation.number)
            }
            try GenerationRows.insert(made + others, of: generation, database)
            try GenerationRows.forget(cluster: id, keeping: kept, database)
            try AuditRows.add(
                caller, "cluster.deploy", "cluster \(id)", outcome: "done",
                detail: "generation \(generation.number), \(made.count) nodes", database)
            return generation
        }
    }

    /// Makes an earlier generation the last one again, under a new number. Nodes that weren't in it keep what they have.
    func rollBack(_ id: Int, to number: Int, as caller: Caller) async throws -> Generation {
        let chosen = try await operations.inventory.read { database in
            let wanted = try GenerationRows.find(number, cluster: id, database)
            let present = Set(try NodeRows.all(database, cluster: id).compactMap(\.id))
            let members = try GenerationRows.members(of: wanted, database).filter { present.contains($0.node) }
            return Dictionary(uniqueKeysWithValues: members.map { ($0.node, $0.digest) })
        }
        return try await change(id, chosen, as: caller, seen: nil) { [kept] database, nodes in
            let wanted = try GenerationRows.find(number, cluster: id, database)
            let present = Set(nodes.compactMap(\.id))
            let back = try GenerationRows.members(of: wanted, database).filter { present.contains($0.node) }
            let last = try GenerationRows.last(cluster: id, database)
            let known = Set(back.map(\.node))
            let others = try last.map { try GenerationRows.members(of: $0, database) } ?? []
            let generation = try GenerationRows.insert(
                cluster: id, caller: caller.name, restores: number,
                deployment: JSONValue.object(try GenerationRows.data(of: wanted, .deployment, database)).json,
                provisioning: JSONValue.object(try GenerationRows.data(of: wanted, .provisioning, database)).json,
                database)
            try GenerationRows.insert(
                back + others.filter { present.contains($0.node) && !known.contains($0.node) }, of: generation, database
            )
            try GenerationRows.forget(cluster: id, keeping: kept, database)
            try AuditRows.add(
                caller, "cluster.rollback", "cluster \(id)", outcome: "done",
                detail: "generation \(generation.number) is \(number) again", database)
            return generation
        }
    }

    /// Changes what nodes are to run, and their statuses with it.
    ///
    /// - Parameters:
    ///   - chosen: the digests of their configurations.
    ///   - version: of the cluster, as it was when the rest was made; nil where that doesn't matter.
    private func change(
        _ id: Int, _ chosen: [Int: String], as caller: Caller, seen version: Int?,
        _ store: @escaping @Sendable (Database, [FleetNode]) throws -> Generation
    ) async throws -> Generation {
        try await operations.inventory.perform(as: caller, asking: nil) { database in
            let cluster = try ClusterRows.find(id, database)
            let nodes = try NodeRows.all(database, cluster: id)
            let present = Set(nodes.compactMap(\.id))
            guard version ?? cluster.version == cluster.version, chosen.keys.allSatisfy(present.contains) else {
                throw FleetProblem(.conflict, "The cluster was changed while it was being deployed; deploy it again.")
            }
            let reports = try NodeConfigRows.reports(cluster: id, database)
            var plan = Plan("") { database, _ in try store(database, nodes) }
            var isWaiting = false
            for node in nodes {
                guard let number = node.id, let digest = chosen[number] else { continue }
                var after = node
                after.roles += node.pendingRoles.filter { !node.roles.contains($0) }
                after.pendingRoles = []
                let report = reports[number]
                let runsIt = report?.digest == digest && report?.outcome == .applied
                after.status = runsIt ? .ready : .deploying
                isWaiting = isWaiting || !runsIt
                plan.update(node, to: after)
            }
            var after = cluster
            after.status = isWaiting ? .deployment : .operational
            plan.update(cluster, to: after)
            return plan
        }
    }

    /// Notes what an agent made of its configuration; its node and its cluster are in the status that follows from it.
    func note(_ report: NodeConfigRows.Report, of id: Int, as caller: Caller) async throws {
        try await operations.inventory.perform(as: caller, asking: nil) { database -> Plan<Void> in
            let node = try NodeRows.find(id, database)
            var plan = Plan<Void>("") { database, _ in try NodeConfigRows.set(report, of: id, database) }
            guard let live = try NodeConfigRows.live(id, database), live.digest == report.digest,
                ![.provisioning, .removing, .stopped].contains(node.status)
            else { return plan }
            var after = node
            after.status = report.outcome == .applied ? .ready : .error
            plan.update(node, to: after)
            let cluster = try ClusterRows.find(live.cluster, database)
            func hasOther(_ status: NodeStatus) throws -> Bool {
                try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM node WHERE cluster = ? AND status = ? AND id != ?)",
                    arguments: [live.cluster, status.rawValue, id]) ?? false
            }
            if try !hasOther(.deploying) {
                var changed = cluster
                changed.status = try after.status == .error || hasOther(.error) ? .error : .operational
                plan.update(cluster, to: changed)
            }
            return plan
        }
    }
}
