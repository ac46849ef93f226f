// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Telemetry

/// Nodes in the database.
enum NodeRows {
    static func node(_ row: Row) throws -> FleetNode {
        FleetNode(
            id: row["id"], mac: row["mac"], name: row["name"],
            status: NodeStatus(rawValue: row["status"]) ?? .error, cluster: row["cluster"],
            roles: try texts(row["roles"]), pendingRoles: try texts(row["pending_roles"]),
            labels: try object(row["labels"]).entries.reduce(into: [:]) { $0[$1.key] = $1.value.string },
            extensions: try texts(row["extensions"]), meta: try object(row["meta"]), agentVersion: row["agent_version"],
            isOnline: row["is_online"],
            version: row["version"])
    }

    static func find(_ id: Int, _ database: Database) throws -> FleetNode {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM node WHERE id = ?", arguments: [id]) else {
            throw FleetProblem.noNode(id)
        }
        return try node(row)
    }

    static func all(_ database: Database, cluster: Int? = nil) throws -> [FleetNode] {
        let condition = cluster == nil ? "" : "WHERE cluster = ?"
        return try Row.fetchAll(
            database, sql: "SELECT * FROM node \(condition) ORDER BY id",
            arguments: cluster.map { [$0] } ?? []
        ).map { try node($0) }
    }

    /// The node that one of these addresses is of.
    static func owner(of addresses: [String], _ database: Database) throws -> Int? {
        for address in addresses {
            let id = try Int.fetchOne(database, sql: "SELECT node FROM node_mac WHERE mac = ?", arguments: [address])
            if let id { return id }
        }
        return nil
    }

    /// - Returns: the node with its id.
    static func insert(_ node: FleetNode, _ database: Database) throws -> FleetNode {
        try database.execute(
            sql: """
                INSERT INTO node (mac, name, status, cluster, roles, pending_roles, labels, extensions, meta,
                    agent_version, is_online, last_seen, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: arguments(node) + [Timestamp.now.microseconds, node.version])
        var made = node
        made.id = Int(database.lastInsertedRowID)
        try setAddresses(of: made, database)
        return made
    }

    static func update(_ node: FleetNode, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE node SET mac = ?, name = ?, status = ?, cluster = ?, roles = ?, pending_roles = ?, labels = ?,
                    extensions = ?, meta = ?, agent_version = ?, is_online = ?, version = ? WHERE id = ?
                """,
            arguments: arguments(node) + [node.version, node.id])
        try setAddresses(of: node, database)
    }

    static func delete(_ id: Int, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM node WHERE id = ?", arguments: [id])
    }

    private static func arguments(_ node: FleetNode) -> StatementArguments {
        let labels = JSONObject(node.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        return [
            node.mac, node.name, node.status.rawValue, node.cluster, text(node.roles), text(node.pendingRoles),
            JSONValue.object(labels).json, text(node.extensions), JSONValue.object(node.meta).json, node.agentVersion,
            node.isOnline,
        ]
    }

    /// A host is known by each of its interfaces.
    private static func setAddresses(of node: FleetNode, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM node_mac WHERE node = ?", arguments: [node.id])
        for address in HardwareAddress.all(of: node) {
            // One that another node has stays its: a report must not take a host's identity from it.
            try database.execute(
                sql: "INSERT OR IGNORE INTO node_mac (mac, node) VALUES (?, ?)", arguments: [address, node.id])
        }
    }

    static func text(_ texts: [String]) -> String { JSONValue.array(texts.map { .string($0) }).json }

    static func texts(_ json: String) throws -> [String] {
        (try JSONValue(parsing: json).array ?? []).compactMap(\.string)
    }

    static func object(_ json: String) throws -> JSONObject { try JSONValue(parsing: json).object ?? [:] }
}
