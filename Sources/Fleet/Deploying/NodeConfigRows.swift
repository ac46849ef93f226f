// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import PluginHost
internal import Telemetry

/// What a node is to run, and what its agent says that it runs.
enum NodeConfigRows {
    /// What a node is to run now.
    struct Live: Sendable, Hashable {
        var cluster: Int
        var generation: Int
        var origin: Int
        var digest: String
        /// JSON.
        var text: String
    }

    /// What an agent made of its configuration.
    struct Report: Sendable, Hashable {
        enum Outcome: String, Sendable, CaseIterable { case applied, refused }

        var generation: Int
        var digest: String
        var outcome: Outcome
        /// Why it was refused.
        var message: String
        var time: Timestamp

        var json: JSONValue {
            [
                "generation": .integer(generation), "digest": .string(digest), "outcome": .string(outcome.rawValue),
                "message": .string(message), "time": .string(time.description),
            ]
        }
    }

    /// nil for a node that was never deployed in the cluster that it is in.
    static func live(_ node: Int, _ database: Database) throws -> Live? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT generation.cluster, generation.number, member.origin, member.digest, config.body
                FROM generation_node AS member JOIN generation ON generation.id = member.generation
                    JOIN config ON config.digest = member.digest
                    JOIN node ON node.id = member.node AND node.cluster = generation.cluster
                WHERE member.node = ? ORDER BY member.generation DESC LIMIT 1
                """, arguments: [node]
        ).map { row in
            Live(
                cluster: row["cluster"], generation: row["number"], origin: row["origin"], digest: row["digest"],
                text: row["body"])
        }
    }

    static func report(of node: Int, _ database: Database) throws -> Report? {
        try Row.fetchOne(database, sql: "SELECT * FROM node_report WHERE node = ?", arguments: [node]).map(report)
    }

    static func reports(cluster: Int, _ database: Database) throws -> [Int: Report] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT node_report.* FROM node_report JOIN node ON node.id = node WHERE node.cluster = ?",
            arguments: [cluster])
        return rows.reduce(into: [:]) { $0[$1["node"]] = report($1) }
    }

    private static func report(_ row: Row) -> Report {
        Report(
            generation: row["generation"], digest: row["digest"],
            outcome: Report.Outcome(rawValue: row["outcome"]) ?? .refused, message: row["message"],
            time: Timestamp(microseconds: row["time"]))
    }

    static func set(_ report: Report, of node: Int, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO node_report VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                node, report.generation, report.digest, report.outcome.rawValue, report.message,
                report.time.microseconds,
            ])
    }

    // MARK: What operators put in the place of nodes' data

    static func overrides(_ kind: DeploymentDataKind, cluster: Int, _ database: Database) throws -> [Int: JSONObject] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT node, data FROM node_override JOIN node ON node.id = node WHERE kind = ? AND node.cluster = ?",
            arguments: [kind.rawValue, cluster])
        return try rows.reduce(into: [:]) { $0[$1["node"]] = try NodeRows.object($1["data"]) }
    }

    static func override(_ kind: DeploymentDataKind, of node: Int, _ database: Database) throws -> JSONObject? {
        let text = try String.fetchOne(
            database, sql: "SELECT data FROM node_override WHERE node = ? AND kind = ?",
            arguments: [node, kind.rawValue])
        return try text.map { try NodeRows.object($0) }
    }

    /// - Parameter data: nil takes it away.
    static func set(
        override data: JSONObject?, _ kind: DeploymentDataKind, of node: Int, _ database: Database
    ) throws {
        try database.execute(
            sql: "DELETE FROM node_override WHERE node = ? AND kind = ?", arguments: [node, kind.rawValue])
        guard let data else { return }
        try database.execute(
            sql: "INSERT INTO node_override VALUES (?, ?, ?)",
            arguments: [node, kind.rawValue, JSONValue.object(data).json])
    }
}
