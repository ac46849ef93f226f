// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import Telemetry

/// Plans and actions in the database.
enum PlanRows {
    static func plan(_ row: Row) throws -> PlanRecord {
        PlanRecord(
            id: row["id"], uuid: row["uuid"], audit: row["audit"], state: .init(rawValue: row["state"]) ?? .failed,
            strategy: row["strategy"], efficacy: try JSONValue(parsing: row["efficacy"] as String),
            globalEfficacy: try JSONValue(parsing: row["global_efficacy"] as String), message: row["message"],
            host: row["host"], created: Timestamp(microseconds: row["created"]), updated: row.time("updated"),
            deleted: row.time("deleted"))
    }

    static func action(_ row: Row) throws -> ActionRecord {
        let parents = try (row["parents"] as String?).map { text in
            try JSONValue(parsing: text).array?.compactMap(\.string) ?? []
        }
        return ActionRecord(
            id: row["id"], uuid: row["uuid"], plan: row["plan"], type: row["type"],
            parameters: try JSONValue(parsing: row["parameters"] as String).object ?? [:], parents: parents,
            state: .init(rawValue: row["state"]) ?? .failed, message: row["message"],
            created: Timestamp(microseconds: row["created"]), updated: row.time("updated"))
    }

    static func find(_ id: String, _ database: Database) throws -> PlanRecord {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM action_plan WHERE uuid = ? AND deleted IS NULL", arguments: [id])
        else { throw AuditProblem.none("action plan", id) }
        return try plan(row)
    }

    static func findAction(_ id: String, _ database: Database) throws -> ActionRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM action WHERE uuid = ?", arguments: [id]) else {
            throw AuditProblem.none("action", id)
        }
        return try action(row)
    }

    static func actions(of plan: String, _ database: Database) throws -> [ActionRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM action WHERE plan = ? ORDER BY id", arguments: [plan])
            .map { try action($0) }
    }

    static func insert(_ plan: PlanRecord, _ actions: [ActionRecord], _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO action_plan (uuid, audit, state, strategy, efficacy, global_efficacy, message, host, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                plan.uuid, plan.audit, plan.state.rawValue, plan.strategy, plan.efficacy.json,
                plan.globalEfficacy.json, plan.message, plan.host, plan.created.microseconds,
            ])
        for action in actions {
            try database.execute(
                sql: """
                    INSERT INTO action (uuid, plan, type, parameters, parents, state, message, created)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    action.uuid, action.plan, action.type, JSONValue.object(action.parameters).json,
                    action.parents.map { JSONValue.array($0.map { .string($0) }).json }, action.state.rawValue,
                    action.message, action.created.microseconds,
                ])
        }
    }

    static func set(_ plan: PlanRecord, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE action_plan SET state = ?, message = ?, updated = ?, deleted = ? WHERE uuid = ?",
            arguments: [
                plan.state.rawValue, plan.message, plan.updated?.microseconds, plan.deleted?.microseconds, plan.uuid,
            ])
    }

    static func set(_ action: ActionRecord, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE action SET state = ?, message = ?, updated = ? WHERE uuid = ?",
            arguments: [action.state.rawValue, action.message, action.updated?.microseconds, action.uuid])
    }
}
