// SPDX-License-Identifier: Apache-2.0
import GRDB
import GuardedSQLite
import TestSupport
import Testing

/// A real database with a table of its owner's, and a connection that must not touch it.
@Suite(.serialized) struct GuardedConnectionTests {
    private let directory: TemporaryDirectory
    private let owner: DatabaseQueue
    private let guarded: GuardedConnection

    init() throws {
        directory = try TemporaryDirectory()
        owner = try DatabaseQueue(path: directory("fleet.db"))
        try owner.write { database in
            try database.execute(sql: "PRAGMA journal_mode")
            try database.execute(
                sql: "CREATE TABLE node (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO node VALUES (1, 'c1')")
        }
        guarded = try GuardedConnection(path: directory("fleet.db"), prefix: "ext_rack__")
    }

    private func migrate(_ statements: String...) throws {
        try guarded.write(statements.map { SQLStatement($0) }, allowsSchema: true)
    }

    @Test func itsOwnTablesWork() throws {
        try migrate(
            "CREATE TABLE ext_rack__rack (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)",
            "CREATE TABLE ext_rack__place (node INTEGER UNIQUE, rack INTEGER REFERENCES ext_rack__rack (id))",
            "CREATE INDEX ext_rack__place_rack ON ext_rack__place (rack)",
            "CREATE VIEW ext_rack__names AS SELECT name FROM ext_rack__rack",
            """
            CREATE TRIGGER ext_rack__cleared AFTER DELETE ON ext_rack__rack BEGIN
                DELETE FROM ext_rack__place WHERE rack = old.id; END
            """)
        let changes = try guarded.write([
            SQLStatement("INSERT INTO ext_rack__rack VALUES (?, ?)", [.integer(1), .text("r1")]),
            SQLStatement("INSERT INTO ext_rack__place VALUES (?, ?)", [.integer(7), .integer(1)]),
        ])
        #expect(changes == [1, 1])
        let rows = try guarded.read(SQLStatement("SELECT name, 1.5 AS half, NULL AS gap FROM ext_rack__names"))
        #expect(rows == [SQLRow(columns: ["name", "half", "gap"], values: [.text("r1"), .real(1.5), .null])])
        try migrate(
            "ALTER TABLE ext_rack__rack ADD COLUMN height INTEGER", "DROP INDEX ext_rack__place_rack",
            "ALTER TABLE ext_rack__place RENAME COLUMN rack TO shelf", "ALTER TABLE ext_rack__rack DROP COLUMN height",
            "CREATE TABLE ext_rack__old (id INTEGER)", "ALTER TABLE ext_rack__old RENAME TO ext_rack__new")
    }

    @Test(
        arguments: [
            "CREATE TABLE rack (id INTEGER)", "CREATE TABLE ext_rack_x (id INTEGER)", "DROP TABLE node",
            "ALTER TABLE node ADD COLUMN x INTEGER", "CREATE INDEX ext_rack__i ON node (name)",
            "CREATE TRIGGER ext_rack__t AFTER INSERT ON node BEGIN SELECT 1; END",
            "CREATE TABLE ext_rack__a (node INTEGER REFERENCES node (id))",
            "CREATE VIEW ext_rack__v AS SELECT * FROM node",
            "CREATE TABLE ext_rack__b AS SELECT * FROM node", "CREATE TEMP TABLE ext_rack__c (id INTEGER)",
            "CREATE VIRTUAL TABLE ext_rack__d USING fts5 (a)", "UPDATE node SET name = 'x'", "DELETE FROM node",
            "REPLACE INTO node VALUES (1, 'x')", "INSERT INTO ext_rack__schema_version VALUES (1)",
            "PRAGMA writable_schema = ON", "ATTACH '/tmp/x.db' AS x", "COMMIT", "UPDATE sqlite_master SET sql = ''",
            "ALTER TABLE ext_rack__good RENAME TO rack",
        ]) func aMigrationKeepsToItsPrefix(statement: String) throws
    {
        #expect(throws: SQLError.self) { try migrate("CREATE TABLE ext_rack__good (id INTEGER)", statement) }
        // All or nothing, and the owner's row is as it was.
        let left = try owner.read { database in
            (
                try String.fetchAll(database, sql: "SELECT name FROM sqlite_master ORDER BY name"),
                try String.fetchAll(database, sql: "SELECT name FROM node")
            )
        }
        #expect(left.0 == ["node"])
        #expect(left.1 == ["c1"])
    }

    @Test func tablesAreMadeByMigrationsAlone() throws {
        #expect(throws: SQLError(code: 23, "tables may be made and changed by migrations alone")) {
            try guarded.write([SQLStatement("CREATE TABLE ext_rack__late (id INTEGER)")])
        }
    }

    @Test func othersRowsCannotBeReadInAnyWay() throws {
        for sql in [
            "SELECT * FROM node", "SELECT (SELECT name FROM node)", "SELECT 1 WHERE EXISTS (SELECT 1 FROM node)",
            "WITH x AS (SELECT name FROM node) SELECT * FROM x", "SELECT * FROM sqlite_master",
            "SELECT * FROM pragma_table_info('node')", "PRAGMA table_info(node)",
        ] {
            #expect(throws: SQLError.self) { try guarded.read(SQLStatement(sql)) }
        }
    }

    @Test func aStatementThatNeverEndsIsEnded() throws {
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        var limits = GuardedConnection.Limits()
        limits.milliseconds = 100
        let error = #expect(throws: SQLError.self) { try guarded.read(SQLStatement(endless), limits: limits) }
        #expect(error?.description == "took longer than 100 ms")
        #expect(try guarded.read(SQLStatement("SELECT 1 AS one")).count == 1)
    }

    @Test func aDatabaseThatOthersWriteToIsBusyForATime() throws {
        try migrate("CREATE TABLE ext_rack__rack (id INTEGER)")
        var limits = GuardedConnection.Limits()
        limits.milliseconds = 50
        try owner.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            let insert = SQLStatement("INSERT INTO ext_rack__rack VALUES (1)")
            let error = #expect(throws: SQLError.self) { try guarded.write([insert], limits: limits) }
            #expect(error?.isBusy == true)
            try database.execute(sql: "ROLLBACK")
        }
        #expect(try guarded.write([SQLStatement("INSERT INTO ext_rack__rack VALUES (1)")]) == [1])
    }

    @Test func whatIsAskedWronglyIsSaid() throws {
        try migrate("CREATE TABLE ext_rack__rack (id INTEGER)")
        for (sql, arguments) in [
            ("SELEC 1", []), ("SELECT ?", []), ("SELECT 1", [.integer(1)]), ("SELECT 1; SELECT 2", []), ("", []),
            ("DELETE FROM ext_rack__rack", []), ("SELECT x'00' AS bytes", []),
        ] as [(String, [SQLValue])] {
            #expect(throws: SQLError.self) { try guarded.read(SQLStatement(sql, arguments)) }
        }
    }
}
