// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import Telemetry

/// Audits in the database.
enum AuditRows {
    static func audit(_ row: Row) throws -> AuditRecord {
        var audit = AuditRecord(
            id: row["id"], uuid: row["uuid"], name: row["name"], kind: .init(rawValue: row["kind"]) ?? .oneshot,
            state: .init(rawValue: row["state"]) ?? .failed, goal: row["goal"], strategy: row["strategy"],
            created: Timestamp(microseconds: row["created"]))
        audit.parameters = try JSONValue(parsing: row["parameters"] as String).object ?? [:]
        audit.scope = try JSONValue(parsing: row["scope"] as String)
        audit.interval = row["interval"]
        audit.isForced = row["is_forced"]
        audit.start = row.time("start")
        audit.end = row.time("end")
        audit.nextRun = row.time("next_run")
        audit.message = row["message"]
        audit.host = row["host"]
        audit.run = row["run"]
        audit.attempts = row["attempts"]
        audit.updated = row.time("updated")
        audit.deleted = row.time("deleted")
        return audit
    }

    /// - Parameter id: its UUID or its name.
    static func find(_ id: String, _ database: Database) throws -> AuditRecord {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM audit WHERE (uuid = ? OR name = ?) AND deleted IS NULL",
                arguments: [id, id])
        else { throw AuditProblem.none("audit", id) }
        return try audit(row)
    }

    static func insert(_ audit: AuditRecord, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO audit (name, kind, state, goal, strategy, parameters, scope, interval, is_forced, start,
                    "end", next_run, message, updated, deleted, uuid, host, run, attempts, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: arguments(audit) + [
                audit.uuid, audit.host, audit.run, audit.attempts, audit.created.microseconds,
            ])
    }

    /// Everything but who runs it.
    static func update(_ audit: AuditRecord, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE audit SET name = ?, kind = ?, state = ?, goal = ?, strategy = ?, parameters = ?, scope = ?,
                    interval = ?, is_forced = ?, start = ?, "end" = ?, next_run = ?, message = ?, updated = ?, deleted = ?
                WHERE uuid = ?
                """, arguments: arguments(audit) + [audit.uuid])
    }

    private static func arguments(_ audit: AuditRecord) -> StatementArguments {
        [
            audit.name, audit.kind.rawValue, audit.state.rawValue, audit.goal, audit.strategy,
            JSONValue.object(audit.parameters).json, audit.scope.json, audit.interval, audit.isForced,
            audit.start?.microseconds, audit.end?.microseconds, audit.nextRun?.microseconds, audit.message,
            audit.updated?.microseconds, audit.deleted?.microseconds,
        ]
    }
}

extension Row {
    func time(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map { Timestamp(microseconds: $0) }
    }
}
