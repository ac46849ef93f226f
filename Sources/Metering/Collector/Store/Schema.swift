// SPDX-License-Identifier: Apache-2.0
internal import Databases
internal import GRDB

/// The database's tables.
///
/// Points stand in blocks of up to some hundred, by series and time; before that, in the journal, as they came. A row
/// for each sample, clustered by series and time, would touch a page of 4 KiB for nearly every sample taken in, and
/// take four times the room.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE meter (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, unit TEXT NOT NULL) STRICT;
                    CREATE TABLE resource (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                    CREATE TABLE owner (
                        id INTEGER PRIMARY KEY,
                        project_id TEXT, project_name TEXT, user_id TEXT, user_name TEXT) STRICT;
                    CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
                    CREATE TABLE metadata (
                        id INTEGER PRIMARY KEY, digest_high INTEGER NOT NULL, digest_low INTEGER NOT NULL,
                        text TEXT NOT NULL, last_used INTEGER NOT NULL) STRICT;
                    CREATE TABLE series (
                        id INTEGER PRIMARY KEY, meter INTEGER NOT NULL, resource INTEGER NOT NULL,
                        owner INTEGER NOT NULL, source INTEGER NOT NULL, metadata INTEGER NOT NULL) STRICT;
                    CREATE TABLE journal (id INTEGER PRIMARY KEY, received INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
                    CREATE TABLE block (
                        id INTEGER PRIMARY KEY, series INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                        points INTEGER NOT NULL, payload BLOB NOT NULL) STRICT;
                    CREATE INDEX block_of_series ON block (series, first, last);
                    CREATE INDEX block_by_age ON block (last);
                    """)
        }
        return migrator
    }()

    /// Opens the database, makes it where there is none, and repairs what a crash left half written. Blocks.
    static func open(_ path: String) throws -> DatabasePool {
        try ServiceDatabase.open(path, label: "collector", patience: 5, migrator) { database in
            // Only takes effect before the first table is made: deleting can then give room back bit by bit.
            if !database.configuration.readonly { try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
        }
    }
}
