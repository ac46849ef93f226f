// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// Extensions' tables, and what extensions do with the service's.
@Suite(.timeLimit(.minutes(5))) struct TableTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let first =
        #"{"id": "001", "up": ["CREATE TABLE ext_rack__rack (id INTEGER PRIMARY KEY, name TEXT)"], "down": ["DROP TABLE ext_rack__rack"]}"#
    private static let second =
        #"{"id": "002", "up": ["ALTER TABLE ext_rack__rack ADD COLUMN height INTEGER"], "down": ["ALTER TABLE ext_rack__rack DROP COLUMN height"]}"#

    private func start(_ migrations: String..., body: String = "pass") async throws -> RunningFleet {
        try ScriptedExtension(
            name: "rack",
            declares:
                #"{"migrations": [\#(migrations.joined(separator: ", "))], "routes": [{"method": "POST", "path": "/try"}]}"#,
            body: body
        ).install(directory)
        return try await RunningFleet(directory)
    }

    private func tables(_ fleet: RunningFleet) throws -> [String] {
        try DatabaseQueue(path: directory("fleet.db")).read { database in
            try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE name LIKE 'ext_rack%' AND type = 'table' ORDER BY name")
        }
    }

    @Test func stepsAreTakenAtTheStartAndBackByAnOperator() async throws {
        let fleet = try await start(Self.first, Self.second)
        #expect(try tables(fleet) == ["ext_rack__rack", "ext_rack__schema_version"])
        let path = "/v1/extensions/rack/database"
        let steps = try #require(try await fleet.send("GET", path)["migrations"] as? [[String: Any]])
        #expect(steps.map { $0["id"] as? String } == ["001", "002"])
        #expect(steps.allSatisfy { $0["applied_at"] is String })
        #expect(try await fleet.send("POST", path, #"{"action": "downgrade"}"#).status == 409)
        _ = try await fleet.send("PUT", "/v1/extensions/rack/state", #"{"state": "off"}"#)
        let back = try await fleet.send("POST", path, #"{"action": "downgrade", "steps": 2}"#)
        #expect(back["downgraded"] as? [String] == ["002", "001"])
        #expect(try tables(fleet) == ["ext_rack__schema_version"])
        let forth = try await fleet.send("POST", path, #"{"action": "upgrade"}"#)
        #expect(forth["upgraded"] as? [String] == ["001", "002"])
        let purged = try await fleet.send("POST", path, #"{"action": "purge"}"#)
        #expect(purged["purged_tables"] as? Int == 2)
        #expect(try tables(fleet) == [])
        _ = try await fleet.send("PUT", "/v1/extensions/rack/state", #"{"state": "on"}"#)
        #expect(try tables(fleet) == ["ext_rack__rack", "ext_rack__schema_version"])
        try await fleet.stop()
    }

    @Test(
        arguments: [
            "CREATE TABLE rack (id INTEGER)", "NONSENSE", "ALTER TABLE node ADD COLUMN rack TEXT",
            "CREATE TABLE ext_rack__x (node INTEGER REFERENCES node (id))",
        ]) func aStepThatFailsDisablesThatExtensionAlone(statement: String) async throws
    {
        try ScriptedExtension(name: "well").install(directory)
        let fleet = try await start(Self.first, #"{"id": "002", "up": ["\#(statement)"]}"#)
        let state = try await fleet.send("GET", "/v1/extensions/rack")
        #expect(state["state"] as? String == "failed")
        #expect((state["reason"] as? String)?.contains("its migration 002 (up) failed") == true)
        #expect(try await fleet.send("GET", "/v1/extensions/well")["state"] as? String == "running")
        // What was taken before it stays taken.
        #expect(try tables(fleet) == ["ext_rack__rack", "ext_rack__schema_version"])
        #expect(try await fleet.register(1).id == 1)
        try await fleet.stop()
    }

    @Test func aChangedStepAndAnOlderVersionAreNoticed() async throws {
        try await start(Self.first, Self.second).stop()
        let older = try await start(Self.first)
        #expect(
            (try await older.send("GET", "/v1/extensions/rack")["reason"] as? String)?.contains("a newer version ran")
                == true)
        try await older.stop()
        let changed = try await start(
            #"{"id": "001", "up": ["CREATE TABLE ext_rack__other (id INTEGER)"]}"#, Self.second)
        #expect(
            (try await changed.send("GET", "/v1/extensions/rack")["reason"] as? String)?.contains("was changed after")
                == true)
        try await changed.stop()
        let right = try await start(Self.first, Self.second)
        #expect(try await right.send("GET", "/v1/extensions/rack")["state"] as? String == "running")
        try await right.stop()
    }

    @Test func anExtensionReadsTheFleetAndKeepsRows() async throws {
        let fleet = try await start(
            Self.first,
            body: """
                if c["method"] == "handle_request":
                    found = {}
                    found["nodes"] = len(call("fleet.nodes")["nodes"])
                    found["none"] = call("fleet.node", id=99)["node"]
                    found["label"] = call("fleet.set_labels", id=1, labels={"rack": "r1"})["node"]["labels"]
                    found["changes"] = call("database.write", statements=[{"sql": "INSERT INTO ext_rack__rack VALUES (?, ?)", "arguments": [1, "r1"]}])["changes"]
                    found["rows"] = call("database.read", statement={"sql": "SELECT * FROM ext_rack__rack", "arguments": []})["rows"]
                    found["theirs"] = call("database.read", statement={"sql": "SELECT * FROM token", "arguments": []})["message"]
                    found["other"] = call("fleet.explode").get("code")
                    answer({"status": 200, "headers": {}, "body": json.dumps(found)})
                """)
        _ = try await fleet.register(1)
        let reply = try await fleet.send("POST", "/v1/try", "{}")
        #expect(reply.status == 200)
        #expect(reply["nodes"] as? Int == 1)
        #expect(reply["none"] is NSNull)
        #expect(reply["label"] as? [String: String] == ["rack": "r1"])
        #expect(reply["changes"] as? [Int] == [1])
        #expect((reply["rows"] as? [[String: Any]])?.first?["name"] as? String == "r1")
        #expect(reply["theirs"] as? String == "the database says: the table token doesn't begin with ext_rack__")
        #expect(reply["other"] as? Int == -32601)
        let event = try #require(try await fleet.events().last)
        #expect(event["changed"] as? [String] == ["labels"])
        let audit = try #require(try await fleet.send("GET", "/v1/audit")["entries"] as? [[String: Any]])
        #expect(audit.first?["caller"] as? String == "extension rack")
        try await fleet.stop()
    }

    @Test func anExtensionSpeaksForItselfAlone() async throws {
        let fleet = try await start(
            Self.first,
            body: """
                if c["method"] == "handle_request":
                    say({"jsonrpc": "2.0", "id": 1, "method": "fleet.nodes", "params": {"extension": "other"}})
                    reply = json.loads(sys.stdin.readline())
                    answer({"status": 200, "headers": {}, "body": json.dumps(reply["error"])})
                """)
        #expect(try await fleet.send("POST", "/v1/try", "{}")["code"] as? Int == -32003)
        try await fleet.stop()
    }
}
