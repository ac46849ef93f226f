// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Digests
internal import FleetExtensions
internal import GuardedSQLite
internal import Telemetry

/// Takes an extension's tables from version to version. Which steps were taken is noted in a table of its own, in the
/// transaction of the step. All calls block.
struct ExtensionSchema: Sendable {
    struct Step: Sendable, Hashable {
        var id: String
        /// nil where it was not taken yet.
        var appliedAt: String?
    }

    let name: String
    let version: String
    let migrations: [ExtensionMigration]
    let connection: GuardedConnection

    /// A step may rewrite a large table; everybody else waits meanwhile.
    private static let limits: GuardedConnection.Limits = {
        var limits = GuardedConnection.Limits()
        limits.milliseconds = 60_000
        return limits
    }()

    private var table: String { ExtensionName.tablePrefix(name) + "schema_version" }

    private static func checksum(_ migration: ExtensionMigration) -> String {
        SHA224.hex(migration.up.joined(separator: "\n;\n"))
    }

    private func applied() throws -> [(id: String, checksum: String, at: String)] {
        let results = try connection.unguarded([
            SQLStatement(
                """
                CREATE TABLE IF NOT EXISTS \(table) (
                    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, checksum TEXT NOT NULL,
                    applied_at TEXT NOT NULL, extension_version TEXT NOT NULL)
                """),
            SQLStatement("SELECT id, checksum, applied_at FROM \(table) ORDER BY position"),
        ])
        return results[1].map { row in
            let texts = row.values.map { value in if case .text(let text) = value { text } else { "" } }
            return (texts[0], texts[1], texts[2])
        }
    }

    /// The steps in their order, those that were taken first.
    ///
    /// - Throws: ``FleetProblem`` where what was taken is not what the extension has now.
    func status() throws -> [Step] {
        let applied = try self.applied()
        for (index, taken) in applied.enumerated() {
            guard index < migrations.count, migrations[index].id == taken.id else {
                let isKnown = migrations.contains { $0.id == taken.id }
                throw FleetProblem(
                    .conflict,
                    isKnown
                        ? "its migration \(taken.id) was taken at another place than it is listed at now"
                        : "its migration \(taken.id) was taken, and \(name) \(version) has none of that id: a newer version "
                            + "ran here",
                    extensionName: name)
            }
            guard Self.checksum(migrations[index]) == taken.checksum else {
                throw FleetProblem(
                    .conflict, "its migration \(taken.id) was changed after it was taken; a new one has to do that",
                    extensionName: name)
            }
        }
        return applied.map { Step(id: $0.id, appliedAt: $0.at) }
            + migrations.dropFirst(applied.count).map { Step(id: $0.id) }
    }

    /// Takes what is still to be taken, each step in a transaction of its own.
    ///
    /// - Returns: the ids of those that were taken now.
    @discardableResult
    func upgrade() throws -> [String] {
        if migrations.isEmpty, try !hasTable() { return [] }
        let taken = try status().count { $0.appliedAt != nil }
        for (index, migration) in migrations.enumerated().dropFirst(taken) {
            let note = SQLStatement(
                "INSERT INTO \(table) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(Int64(index)), .text(migration.id), .text(Self.checksum(migration)),
                    .text(Timestamp.now.description), .text(version),
                ])
            try run(migration.id, "up", migration.up, note)
        }
        return migrations.dropFirst(taken).map(\.id)
    }

    /// Takes the last steps back, the last one first.
    ///
    /// - Returns: their ids, in that order.
    func downgrade(steps: Int) throws -> [String] {
        let taken = try status().count { $0.appliedAt != nil }
        let doomed = Array(migrations[max(0, taken - steps)..<taken].reversed())
        for migration in doomed where migration.down.isEmpty && !migration.up.isEmpty {
            throw FleetProblem(.conflict, "its migration \(migration.id) can't be taken back", extensionName: name)
        }
        for migration in doomed {
            try run(
                migration.id, "down", migration.down,
                SQLStatement("DELETE FROM \(table) WHERE id = ?", [.text(migration.id)]))
        }
        return doomed.map(\.id)
    }

    private func hasTable() throws -> Bool {
        try !connection.unguarded([
            SQLStatement("SELECT 1 FROM sqlite_master WHERE name = ?", [.text(table)])
        ])[0].isEmpty
    }

    private func run(_ id: String, _ direction: String, _ statements: [String], _ note: SQLStatement) throws {
        do {
            try connection.write(
                statements.map { SQLStatement($0) }, allowsSchema: true, last: [note], limits: Self.limits)
        } catch let error as SQLError {
            throw FleetProblem(
                .conflict, "its migration \(id) (\(direction)) failed: \(error)", extensionName: name)
        }
    }
}
