// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Settings
internal import Telemetry

extension FleetOperations {
    /// A node that was registered, and its token, which nobody can look up later.
    struct Registration: Sendable {
        var node: FleetNode
        var secret: String
        var token: TokenRecord
        /// Whether it is there since an earlier try of the same registration.
        var isRepeated: Bool
    }

    /// - Parameters:
    ///   - proposed: as the agent tells of itself.
    ///   - key: what tells a second try of the same registration from one by somebody else; nil where there is none.
    func register(
        _ proposed: FleetNode, key: String?, as caller: Caller, _ options: Options = Options()
    ) async throws -> Registration {
        let digest = key.map { TokenSecret.digest("\(caller.name) \($0)") }
        let secret = TokenSecret.random()
        let registration: Registration = try await perform(caller, options) { database in
            if let owner = try NodeRows.owner(of: HardwareAddress.all(of: proposed), database) {
                let known = try String.fetchOne(
                    database, sql: "SELECT registration FROM node WHERE id = ?", arguments: [owner])
                guard let digest, known == digest else {
                    throw FleetProblem(
                        .conflict,
                        "A node with an address of these is registered already, as \(owner). Where its agent "
                            + "lost its token: hypsometer fleet node token \(owner).")
                }
                let node = try NodeRows.find(owner, database)
                return Plan("") { database, _ in
                    Registration(
                        node: node, secret: secret,
                        token: try TokenRows.renew(ofNode: owner, secret: secret, database), isRepeated: true)
                }
            }
            if let token = caller.token { try Self.checkUses(of: token, database) }
            var plan = Plan<Registration>("node.register") { database, outcome in
                guard let node = outcome.nodes.first, let id = node.id else { throw FleetProblem.noNode(0) }
                try database.execute(
                    sql: "UPDATE node SET registration = ? WHERE id = ?", arguments: [digest, id])
                if let token = caller.token {
                    try database.execute(
                        sql: "UPDATE token SET uses_left = uses_left - 1 WHERE id = ?", arguments: [token])
                }
                return Registration(
                    node: node, secret: secret, token: try TokenRows.renew(ofNode: id, secret: secret, database),
                    isRepeated: false)
            }
            plan.create(proposed)
            return plan
        }
        inventory.tokens.add(registration.token)
        return registration
    }

    private static func checkUses(of token: Int, _ database: Database) throws {
        guard let record = try TokenRows.find(token, database) else {
            throw FleetProblem(.unauthorized, "The token was revoked.")
        }
        if let left = record.usesLeft, left <= 0 {
            throw FleetProblem(.forbidden, "The token was used up: it was good for a number of registrations.")
        }
    }

    /// - Parameter change: what is to be different; throws what is wrong with it.
    func update(
        node id: Int, as caller: Caller, _ options: Options = Options(), action: String = "node.update",
        _ change: @escaping @Sendable (inout FleetNode, Database) throws -> Void
    ) async throws -> FleetNode {
        try await perform(caller, options) { database in
            let before = try NodeRows.find(id, database)
            try options.check(before.version, of: "node")
            var after = before
            try change(&after, database)
            after.id = before.id
            if let cluster = after.cluster, cluster != before.cluster {
                _ = try ClusterRows.find(cluster, database)
                if let old = before.cluster {
                    throw FleetProblem(
                        .conflict, "The node is in cluster \(old); take it out of there first (cluster: null).")
                }
            }
            try Self.checkRoles((after.roles + after.pendingRoles).filter { !before.roles.contains($0) }, database)
            var plan = Plan(action, "node \(id)") { _, outcome in outcome.nodes.first ?? before }
            let leaves = before.cluster != nil && after.cluster == nil
            if leaves { (after.roles, after.pendingRoles) = ([], []) }
            plan.update(before, to: after, leaves ? [.removeNodeFromCluster, .nodeUpdate] : [.nodeUpdate])
            return plan
        }
    }

    /// Back to how it was when it was registered: its roles are pending again.
    func reset(node id: Int, as caller: Caller, _ options: Options = Options()) async throws -> FleetNode {
        try await perform(caller, options) { database in
            let before = try NodeRows.find(id, database)
            try options.check(before.version, of: "node")
            var after = before
            after.status = .discover
            after.pendingRoles = before.pendingRoles + before.roles.filter { !before.pendingRoles.contains($0) }
            after.roles = []
            var plan = Plan("node.reset", "node \(id)") { _, outcome in outcome.nodes.first ?? before }
            // One that is as it would be is reset all the same: who asks for it wants extensions to do their part.
            after.version = before.version + 1
            plan.update(before, to: after, [.nodeReset])
            return plan
        }
    }

    /// - Parameter ids: any order; each must be there.
    func delete(nodes ids: [Int], as caller: Caller, _ options: Options = Options()) async throws {
        let wanted = Set(ids).sorted()
        try await perform(caller, options) { database in
            let nodes = try wanted.map { try NodeRows.find($0, database) }
            if let node = nodes.first { try options.check(node.version, of: "node") }
            let words = wanted.map { "\($0)" }.joined(separator: ", ").shortened(to: 200)
            var plan = Plan<Void>("node.delete", "node \(words)") { _, _ in }
            plan.delete(nodes)
            return plan
        }
        inventory.tokens.remove(ofNodes: wanted)
    }

    /// A new token; the old one is worth nothing any more.
    func renewToken(ofNode id: Int, as caller: Caller) async throws -> String {
        let secret = TokenSecret.random()
        let record = try await inventory.write { database in
            _ = try NodeRows.find(id, database)
            try AuditRows.add(caller, "node.token", "node \(id)", outcome: "done", database)
            return try TokenRows.renew(ofNode: id, secret: secret, database)
        }
        inventory.tokens.add(record)
        return secret
    }
}
