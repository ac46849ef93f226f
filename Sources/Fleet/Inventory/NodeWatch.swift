// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Telemetry

/// Hears of nodes, and notes which have fallen silent.
struct NodeWatch: Sendable {
    let inventory: Inventory
    let operations: FleetOperations
    let heartbeats: Heartbeats
    /// After how long a silence.
    let offlineAfter: @Sendable () -> Duration

    /// Nodes that go offline in one transaction; a network that fails takes all of them.
    private static let batch = 500

    /// What an agent tells of its host.
    struct Report: Sendable {
        var checksum: String?
        var name: String?
        var status: NodeStatus?
        var meta: JSONObject?
        var agentVersion: String?
    }

    func begin() async throws {
        let known = try await inventory.read { database in
            try Row.fetchAll(database, sql: "SELECT id, agent_checksum, is_online FROM node").map {
                (id: $0["id"] as Int, checksum: $0["agent_checksum"] as String?, isOnline: $0["is_online"] as Bool)
            }
        }
        for node in known { heartbeats.expect(node.id, checksum: node.checksum, isOnline: node.isOnline) }
    }

    /// - Returns: whether the report said nothing new.
    func hear(_ id: Int, _ report: Report, as caller: Caller) async throws -> Bool {
        if heartbeats.beat(id, checksum: report.checksum) { return true }
        _ = try await inventory.perform(as: caller, asking: operations.reviewer) { database in
            let before = try NodeRows.find(id, database)
            var told = before
            told.isOnline = true
            var plan = Plan<Void>("") { database, _ in
                guard let checksum = report.checksum else { return }
                try database.execute(
                    sql: "UPDATE node SET agent_checksum = ? WHERE id = ?", arguments: [checksum, id])
            }
            plan.update(before, to: told, [.nodeOnline])
            let online = before.isOnline ? before : plan.nodes[0].after ?? told
            plan.update(online, to: Self.updated(online, by: report))
            return plan
        }
        heartbeats.note(id, checksum: report.checksum.map { .some($0) }, isOnline: true)
        return false
    }

    private static func updated(_ node: FleetNode, by report: Report) -> FleetNode {
        var after = node
        if let name = report.name { after.name = name }
        if let version = report.agentVersion { after.agentVersion = version }
        if let status = report.status, !node.status.isKeptFromAgents { after.status = status }
        if let meta = report.meta {
            // An agent that can't read its disks for once doesn't make them go away.
            let disks = node.meta["disks"]
            after.meta = meta
            if let disks, meta["disks"]?.array?.isEmpty ?? true { after.meta["disks"] = disks }
        }
        return after
    }

    /// Notes who has fallen silent, and keeps what was heard.
    func sweep() async throws {
        let silent = heartbeats.silent(for: offlineAfter())
        for start in stride(from: 0, to: silent.count, by: Self.batch) {
            let ids = Array(silent[start..<min(start + Self.batch, silent.count)])
            let gone = try await inventory.perform(as: .service, asking: nil) { database -> Plan<[Int]> in
                var plan = Plan<[Int]>("") { _, outcome in outcome.nodes.compactMap(\.id) }
                for id in ids {
                    guard let before = try? NodeRows.find(id, database), before.status != .provisioning else {
                        continue
                    }
                    var after = before
                    after.isOnline = false
                    plan.update(before, to: after, [.nodeOffline])
                }
                return plan
            }
            for id in gone { heartbeats.note(id, isOnline: false) }
        }
        let unsaved = heartbeats.takeUnsaved()
        if unsaved.isEmpty { return }
        try await inventory.write { database in
            let statement = try database.makeStatement(sql: "UPDATE node SET last_seen = ? WHERE id = ?")
            for pulse in unsaved { try statement.execute(arguments: [pulse.at.microseconds, pulse.node]) }
        }
    }
}
