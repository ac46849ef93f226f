// SPDX-License-Identifier: Apache-2.0
internal import GRDB
package import Telemetry

/// What clients ask of audits.
extension AuditStore {
    /// A part of a list, in the order in which they were made.
    package struct Page: Sendable {
        package var limit = 1000
        /// The UUID of the last one of the page before.
        package var marker: String?
        package var isDescending = false
        /// Columns and what they must be.
        package var matches: [(column: String, value: String)] = []

        package init() {}

        func rows(_ table: String, _ database: Database) throws -> [Row] {
            var conditions = matches.map { "\($0.column) = ?" }
            var arguments = StatementArguments(matches.map(\.value))
            if table != "action" { conditions.append("deleted IS NULL") }
            if let marker {
                guard
                    let id = try Int.fetchOne(
                        database, sql: "SELECT id FROM \(table) WHERE uuid = ?", arguments: [marker])
                else {
                    throw AuditProblem(.invalid, "The parameter marker is the UUID of none that there is.")
                }
                conditions.append(isDescending ? "id < ?" : "id > ?")
                arguments += [id]
            }
            let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM \(table) \(filter)ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?",
                arguments: arguments + [limit])
        }
    }

    package func audits(_ page: Page = Page()) async throws -> [AuditRecord] {
        try await read { database in try page.rows("audit", database).map { try AuditRows.audit($0) } }
    }

    /// - Parameter id: its UUID or its name.
    package func audit(_ id: String) async throws -> AuditRecord {
        try await read { try AuditRows.find(id, $0) }
    }

    /// Keeps a new audit.
    package func add(_ audit: AuditRecord) async throws -> AuditRecord {
        try await write { database in
            try Self.checkName(audit, database)
            try AuditRows.insert(audit, database)
            return try AuditRows.find(audit.uuid, database)
        }
    }

    /// Changes an audit; where its state changes, to one that may follow.
    package func change(
        _ id: String, now: Timestamp = .now, _ body: @escaping @Sendable (inout AuditRecord) throws -> Void
    ) async throws -> AuditRecord {
        try await write { database in
            let before = try AuditRows.find(id, database)
            var audit = before
            try body(&audit)
            guard audit.state == before.state || before.state.successors.contains(audit.state) else {
                throw Self.refusal("audit", before.state.rawValue, before.state.successors.map(\.rawValue))
            }
            if audit.name != before.name { try Self.checkName(audit, database) }
            if audit.state == .deleted { audit.deleted = now }
            if audit.state != .pending, audit.state != .ongoing { audit.nextRun = nil }
            audit.updated = now
            try AuditRows.update(audit, database)
            return audit
        }
    }

    /// Has an audit of the kind event run: once more where it runs now.
    package func trigger(_ id: String, now: Timestamp = .now) async throws {
        try await write { database in
            var audit = try AuditRows.find(id, database)
            guard audit.kind == .event else {
                throw AuditProblem(
                    .invalid, "The audit is \(audit.kind.rawValue); webhooks are for those of the type EVENT.")
            }
            guard [.pending, .ongoing, .succeeded, .failed].contains(audit.state) else {
                throw AuditProblem(.conflict, "The audit is \(audit.state.rawValue).")
            }
            if audit.state != .ongoing { audit.state = .pending }
            (audit.nextRun, audit.updated) = (now, now)
            try AuditRows.update(audit, database)
        }
    }

    package func engines() async throws -> [EngineRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM engine ORDER BY started, id").map { row in
                EngineRecord(
                    id: row["id"], host: row["host"], started: Timestamp(microseconds: row["started"]),
                    seen: Timestamp(microseconds: row["seen"]))
            }
        }
    }

    static func refusal(_ what: String, _ state: String, _ successors: [String]) -> AuditProblem {
        AuditProblem(
            .conflict,
            "The \(what) is \(state); it may become "
                + (successors.isEmpty ? "nothing else." : "\(successors.joined(separator: ", "))."))
    }

    private static func checkName(_ audit: AuditRecord, _ database: Database) throws {
        let other = try String.fetchOne(
            database, sql: "SELECT uuid FROM audit WHERE name = ? AND deleted IS NULL AND uuid != ?",
            arguments: [audit.name, audit.uuid])
        if let other { throw AuditProblem(.conflict, "There is an audit of that name: \(other).") }
    }
}
