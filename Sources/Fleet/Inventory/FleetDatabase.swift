// SPDX-License-Identifier: Apache-2.0
internal import Databases
internal import GRDB

/// The service's own tables. Names that begin with `ext_` are the extensions'.
enum FleetDatabase {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE cluster (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
                        extensions TEXT NOT NULL, attributes TEXT NOT NULL, version INTEGER NOT NULL) STRICT;
                    CREATE TABLE node (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, mac TEXT NOT NULL, name TEXT NOT NULL,
                        status TEXT NOT NULL, cluster INTEGER REFERENCES cluster (id), roles TEXT NOT NULL,
                        pending_roles TEXT NOT NULL, labels TEXT NOT NULL, meta TEXT NOT NULL, agent_version TEXT,
                        agent_checksum TEXT, registration TEXT, is_online INTEGER NOT NULL,
                        last_seen INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;
                    CREATE INDEX node_of_cluster ON node (cluster);
                    CREATE TABLE node_mac (
                        mac TEXT PRIMARY KEY, node INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE) STRICT;
                    CREATE INDEX mac_of_node ON node_mac (node);
                    CREATE TABLE role (name TEXT PRIMARY KEY, description TEXT NOT NULL) STRICT;
                    INSERT INTO role VALUES
                        ('compute', 'Runs instances.'), ('controller', 'Runs the services that manage others.'),
                        ('storage', 'Keeps volumes.'), ('ironic', 'Manages bare metal.');
                    CREATE TABLE token (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, scope TEXT NOT NULL,
                        node INTEGER REFERENCES node (id) ON DELETE CASCADE, description TEXT NOT NULL,
                        created INTEGER NOT NULL, expires INTEGER, uses_left INTEGER) STRICT;
                    CREATE INDEX token_of_node ON token (node);
                    CREATE TABLE event (
                        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                        time INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
                    CREATE TABLE audit (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, caller TEXT NOT NULL,
                        action TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL,
                        detail TEXT NOT NULL) STRICT;
                    CREATE TABLE extension (
                        name TEXT PRIMARY KEY, version TEXT NOT NULL, description TEXT NOT NULL,
                        is_on INTEGER NOT NULL, reason TEXT NOT NULL, delivered INTEGER NOT NULL) STRICT;
                    """)
        }
        migrator.registerMigration("node.extensions") { database in
            try database.execute(sql: "ALTER TABLE node ADD COLUMN extensions TEXT NOT NULL DEFAULT '[]'")
        }
        migrator.registerMigration("deployments") { try DeploymentTables.make($0) }
        return migrator
    }()

    /// Blocks.
    static func open(_ path: String) throws -> DatabasePool {
        try ServiceDatabase.open(path, label: "fleet", patience: 5, migrator)
    }
}
