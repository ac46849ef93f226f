// SPDX-License-Identifier: Apache-2.0
internal import Databases
internal import GRDB

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

    /// Several processes may have it open. Blocks.
    static func open(_ path: String) throws -> DatabasePool {
        do {
            return try ServiceDatabase.open(path, label: "audits", patience: 10, migrator)
        } catch let fault as DatabaseFault {
            throw AuditProblem(.invalid, "\(fault)")
        } catch let error as DatabaseError {
            throw AuditProblem(.invalid, "could not use \(path): \(error.message ?? error.resultCode.description)")
        }
    }
}
