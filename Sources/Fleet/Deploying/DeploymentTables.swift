// SPDX-License-Identifier: Apache-2.0
internal import GRDB

/// The tables of what was deployed.
enum DeploymentTables {
    static func make(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE generation (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    cluster INTEGER NOT NULL REFERENCES cluster (id) ON DELETE CASCADE, number INTEGER NOT NULL,
                    time INTEGER NOT NULL, caller TEXT NOT NULL, restores INTEGER, deployment TEXT NOT NULL,
                    provisioning TEXT NOT NULL, UNIQUE (cluster, number)) STRICT;
                CREATE TABLE generation_step (
                    generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE, kind TEXT NOT NULL,
                    position INTEGER NOT NULL, author TEXT NOT NULL, extension TEXT, patch TEXT NOT NULL,
                    PRIMARY KEY (generation, kind, position)) STRICT, WITHOUT ROWID;
                CREATE TABLE config (digest TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
                CREATE TABLE generation_node (
                    generation INTEGER NOT NULL REFERENCES generation (id) ON DELETE CASCADE, node INTEGER NOT NULL,
                    digest TEXT NOT NULL REFERENCES config (digest), origin INTEGER NOT NULL,
                    PRIMARY KEY (generation, node)) STRICT, WITHOUT ROWID;
                CREATE INDEX generation_of_node ON generation_node (node, generation);
                CREATE INDEX generation_with_config ON generation_node (digest);
                CREATE TABLE node_report (
                    node INTEGER PRIMARY KEY REFERENCES node (id) ON DELETE CASCADE, generation INTEGER NOT NULL,
                    digest TEXT NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
                CREATE TABLE node_override (
                    node INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE, kind TEXT NOT NULL,
                    data TEXT NOT NULL, PRIMARY KEY (node, kind)) STRICT, WITHOUT ROWID;
                """)
    }
}
