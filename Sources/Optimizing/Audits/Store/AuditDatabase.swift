// SPDX-License-Identifier: Apache-2.0
internal import GRDB
internal import Glibc

/// The tables of audits, plans and actions.
enum AuditDatabase {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE audit (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                        kind TEXT NOT NULL, state TEXT NOT NULL, goal TEXT NOT NULL, strategy TEXT NOT NULL,
                        parameters TEXT NOT NULL, scope TEXT NOT NULL, interval TEXT, is_forced INTEGER NOT NULL,
                        start INTEGER, "end" INTEGER, next_run INTEGER, message TEXT, host TEXT,
                        run INTEGER NOT NULL, attempts INTEGER NOT NULL, owner TEXT, lease INTEGER,
                        created INTEGER NOT NULL, updated INTEGER, deleted INTEGER) STRICT;
                    CREATE UNIQUE INDEX audit_name ON audit (name) WHERE deleted IS NULL;
                    CREATE INDEX audit_due ON audit (next_run) WHERE next_run IS NOT NULL;
                    CREATE TABLE action_plan (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
                        audit TEXT NOT NULL REFERENCES audit (uuid) ON DELETE CASCADE, state TEXT NOT NULL,
                        strategy TEXT NOT NULL, efficacy TEXT NOT NULL, global_efficacy TEXT NOT NULL, message TEXT,
                        host TEXT, created INTEGER NOT NULL, updated INTEGER, deleted INTEGER) STRICT;
                    CREATE INDEX plan_of_audit ON action_plan (audit);
                    CREATE TABLE action (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
                        plan TEXT NOT NULL REFERENCES action_plan (uuid) ON DELETE CASCADE, type TEXT NOT NULL,
                        parameters TEXT NOT NULL, parents TEXT, state TEXT NOT NULL, message TEXT,
                        created INTEGER NOT NULL, updated INTEGER) STRICT;
                    CREATE INDEX action_of_plan ON action (plan);
                    CREATE TABLE engine (
                        id TEXT PRIMARY KEY, host TEXT NOT NULL, started INTEGER NOT NULL,
                        seen INTEGER NOT NULL) STRICT;
                    """)
        }
        return migrator
    }()

    /// Opens the database, makes it where there is none. Several processes may have it open. Blocks.
    static func open(_ path: String) throws -> DatabasePool {
        // Nobody else may read it: SQLite gives its further files the same mode.
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw AuditProblem(.invalid, "could not open \(path): \(String(cString: strerror(errno)))")
        }
        close(file)
        var configuration = GRDB.Configuration()
        configuration.label = "audits"
        configuration.busyMode = .timeout(10)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw AuditProblem(.invalid, "could not use \(path): a newer version of Hypsometer made it")
            }
            try migrator.migrate(pool)
            return pool
        } catch let error as DatabaseError {
            throw AuditProblem(
                .invalid, "could not use \(path): \(error.message ?? error.resultCode.description)")
        }
    }
}
