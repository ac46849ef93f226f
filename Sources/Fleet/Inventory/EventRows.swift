// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Telemetry

/// What has happened, in its order: extensions are told from here, each from where it was told last.
enum EventRows {
    static func add(_ event: FleetEvent, _ database: Database) throws {
        var event = event
        let now = Timestamp.now
        event.id = (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        event.time = now.description
        try database.execute(
            sql: "INSERT INTO event (id, kind, time, body) VALUES (?, ?, ?, ?)",
            arguments: [event.id, event.kind.rawValue, now.microseconds, JSONValue.object(event.json).json])
    }

    /// - Parameter number: only later ones.
    static func after(_ number: Int, limit: Int, _ database: Database) throws -> [FleetEvent] {
        try Row.fetchAll(
            database, sql: "SELECT number, body FROM event WHERE number > ? ORDER BY number LIMIT ?",
            arguments: [number, limit]
        ).map { row in
            var event = try FleetEvent(json: try NodeRows.object(row["body"]))
            event.number = row["number"]
            return event
        }
    }

    /// The last one's number, also where it was deleted since; 0 before the first.
    static func last(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
    }

    /// - Returns: how many were deleted.
    static func forget(before time: Timestamp, _ database: Database) throws -> Int {
        try database.execute(sql: "DELETE FROM event WHERE time < ?", arguments: [time.microseconds])
        return database.changesCount
    }
}

/// Who changed what, and who was refused.
enum AuditRows {
    static func add(
        _ caller: Caller, _ action: String, _ subject: String, outcome: String, detail: String = "",
        _ database: Database
    ) throws {
        try database.execute(
            sql: "INSERT INTO audit (time, caller, action, subject, outcome, detail) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [Timestamp.now.microseconds, caller.name, action, subject, outcome, detail])
    }

    /// The newest first.
    static func before(_ id: Int, limit: Int, _ database: Database) throws -> [JSONObject] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?", arguments: [id, limit]
        ).map { row in
            [
                "id": .integer(row["id"]), "time": .string(Timestamp(microseconds: row["time"]).description),
                "caller": .string(row["caller"]), "action": .string(row["action"]),
                "subject": .string(row["subject"]), "outcome": .string(row["outcome"]),
                "detail": .string(row["detail"]),
            ]
        }
    }

    static func forget(before time: Timestamp, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM audit WHERE time < ?", arguments: [time.microseconds])
    }
}
