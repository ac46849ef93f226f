// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// The real binary, killed while it takes an extension's tables from one version to the next.
@Suite(.timeLimit(.minutes(10))) struct MigrationCrashTests {
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let rows = 200_000

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(30)
        return try DatabaseQueue(path: directory("fleet.db"), configuration: configuration).read(body)
    }

    /// Whether the service's first step is noted, and it writes at something else now.
    private func isInSecondStep() -> Bool {
        guard FileManager.default.fileExists(atPath: directory("fleet.db")) else { return false }
        guard (try? read { try steps($0) }) == ["001"] else { return false }
        do {
            try DatabaseQueue(path: directory("fleet.db")).writeWithoutTransaction { database in
                try database.execute(sql: "BEGIN IMMEDIATE")
                try database.execute(sql: "ROLLBACK")
            }
            return false
        } catch {
            return (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
        }
    }

    private func steps(_ database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT id FROM ext_rack__schema_version ORDER BY position")
    }

    private func tables(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_master WHERE name LIKE 'ext_rack%' AND type = 'table' ORDER BY name"
        )
    }

    @Test func aStepThatIsKilledIsNotHalfTakenAndTheNextStartGoesOn() async throws {
        try directory.write(RunningFleet.admin + "\n", to: "admin.token")
        try ScriptedExtension(
            name: "rack",
            declares: """
                {"migrations": [
                    {"id": "001", "up": ["CREATE TABLE ext_rack__old (n INTEGER)", "INSERT INTO ext_rack__old VALUES (1)"]},
                    {"id": "002", "up": [
                        "CREATE TABLE ext_rack__new (n INTEGER, digits INTEGER)",
                        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT \(Self.rows)) "
                        "INSERT INTO ext_rack__new SELECT x, length(hex(randomblob(500))) FROM n",
                        "DROP TABLE ext_rack__old"]}]}
                """
        ).install(directory)
        try await onThread {
            let first = try FleetProcess(Self.binary, directory, isAwaited: false)
            let deadline = ContinuousClock.now + .seconds(120)
            while !isInSecondStep(), ContinuousClock.now < deadline { usleep(1000) }
            first.signal(SIGKILL)
            #expect(first.status(within: .seconds(30)) == 128 + SIGKILL)
            let left = try read { database in
                (
                    steps: try steps(database), tables: try tables(database),
                    check: try String.fetchAll(database, sql: "PRAGMA integrity_check")
                )
            }
            #expect(left.steps == ["001"])
            #expect(left.tables == ["ext_rack__old", "ext_rack__schema_version"])
            #expect(left.check == ["ok"])

            let second = try FleetProcess(Self.binary, directory)
            let headers = ["Authorization": "Bearer \(RunningFleet.admin)"]
            let state = try HTTPClient(port: second.port).send("GET", "/v1/extensions/rack", headers: headers)
            #expect(state["state"] as? String == "running")
            let done = try read { database in
                (
                    steps: try steps(database), tables: try tables(database),
                    rows: try Int.fetchOne(database, sql: "SELECT count(*) FROM ext_rack__new")
                )
            }
            #expect(done.steps == ["001", "002"])
            #expect(done.tables == ["ext_rack__new", "ext_rack__schema_version"])
            #expect(done.rows == Self.rows)
            second.signal(SIGTERM)
            #expect(second.status(within: .seconds(60)) == 0)
        }
    }
}
