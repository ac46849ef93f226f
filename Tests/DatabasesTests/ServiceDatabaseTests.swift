// SPDX-License-Identifier: Apache-2.0
import Databases
import Foundation
import GRDB
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct ServiceDatabaseTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func open(_ path: String, _ names: String...) throws -> DatabasePool {
        var migrator = DatabaseMigrator()
        for name in names {
            migrator.registerMigration(name) { try $0.execute(sql: "CREATE TABLE \(name) (id INTEGER)") }
        }
        return try ServiceDatabase.open(path, label: "test", patience: 30, migrator)
    }

    @Test func itIsPrivateAndDurableAndBroughtUpToDate() throws {
        let path = directory("a.db")
        try open(path, "one").close()
        let pool = try open(path, "one", "two")
        #expect(try pool.read { try $0.tableExists("one") && $0.tableExists("two") })
        #expect(try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        try pool.write { try $0.execute(sql: "INSERT INTO one VALUES (1)") }
        for name in try directory.names {
            var status = stat()
            #expect(stat(directory(name), &status) == 0 && status.st_mode & 0o077 == 0, "\(name)")
        }
        try pool.close()
        #expect(throws: DatabaseFault.newer(path: path)) { try open(path, "one") }
        let missing = directory("no/a.db")
        #expect(throws: DatabaseFault.unopened(path: missing, reason: "No such file or directory")) {
            try open(missing, "one")
        }
    }

    @Test func aSecondProcessIsKeptOutUntilTheFirstHasEnded() throws {
        let path = directory("a.db")
        let first = try ProcessLock(path)
        #expect(throws: DatabaseFault.inUse(path: path)) { try ProcessLock(path) }
        first.release()
        _ = try ProcessLock(path)
        let missing = directory("no/a.db")
        #expect(throws: DatabaseFault.unopened(path: missing, reason: "No such file or directory")) {
            try ProcessLock(missing)
        }
    }

    /// SQLite waits for others, but not where it makes a new file one with a write-ahead log.
    @Test func whoLooksAtANewDatabaseMeanwhileKeepsNobodyOut() async throws {
        try await onThread {
            let script = """
                import os, sqlite3, sys
                while True:
                    for number in range(100):
                        path = "%s/%d.db" % (sys.argv[1], number)
                        if not os.path.exists(path) or os.path.exists(path + ".done"): continue
                        try:
                            connection = sqlite3.connect(path, timeout=0)
                            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
                            connection.execute("BEGIN IMMEDIATE")
                            connection.execute("ROLLBACK")
                            connection.close()
                        except sqlite3.Error:
                            pass
                """
            let lookers = try (0..<2).map { _ in try ChildProcess("python3", ["-c", script, directory.path]) }
            defer { for looker in lookers { looker.signal(SIGKILL) } }
            for number in 0..<100 {
                try open(directory("\(number).db"), "one").close()
                try directory.write("", to: "\(number).db.done")
            }
        }
    }
}
