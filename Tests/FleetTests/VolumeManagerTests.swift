// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// What Nailgun's own extension for disks does, written for this service: its tests' cases by their numbers.
@Suite(.timeLimit(.minutes(5))) struct VolumeManagerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let table = "ext_volume_manager__node_volumes"
    private static let buffer = "ext_volume_manager__buffer"

    /// The first step leaves what an older version kept, the second takes over what is its own.
    private static let migrations = #"""
        {"migrations": [
            {"id": "001", "up": ["CREATE TABLE ext_volume_manager__buffer (extension_name TEXT, data TEXT)",
                """INSERT INTO ext_volume_manager__buffer VALUES
                    ('volume_manager', '{"node_id": 101, "volumes": [{"id": "os"}]}'),
                    ('volume_manager', '{"node_id": 102, "volumes": []}'), ('bareon', '{"node_id": 103}')"""]},
            {"id": "002", "up": ["CREATE TABLE ext_volume_manager__node_volumes (node INTEGER UNIQUE NOT NULL, volumes TEXT)",
                """INSERT INTO ext_volume_manager__node_volumes
                    SELECT data ->> 'node_id', data -> 'volumes' FROM ext_volume_manager__buffer
                    WHERE extension_name = 'volume_manager'""",
                "DELETE FROM ext_volume_manager__buffer WHERE extension_name = 'volume_manager'"]}]}
        """#

    private static let body = """
        def write(sql, *values):
            call("database.write", statements=[{"sql": sql, "arguments": list(values)}])
        def is_to_be_partitioned(node):
            return node["status"] == "discover" or (
                node["status"] == "error" and node["labels"].get("error_type") == "provision")
        if c["method"] == "extension_event":
            if e["kind"] == "node_create":
                write("INSERT INTO \(table) VALUES (?, '[]')", e["node"]["after"]["id"])
            if e["kind"] == "node_delete":
                write("DELETE FROM \(table) WHERE node = ?", e["node"]["before"]["id"])
            if e["kind"] == "node_collection_delete":
                for id in e["node_ids"]: write("DELETE FROM \(table) WHERE node = ?", id)
        if c["method"] == "deployment_check":
            for node in p["nodes"]:
                if is_to_be_partitioned(node): note("checked %d" % node["id"])
        """

    private func start() async throws -> RunningFleet {
        try ScriptedExtension(name: "volume_manager", declares: Self.migrations, body: Self.body).install(directory)
        return try await RunningFleet(directory)
    }

    private func rows<Value: DatabaseValueConvertible>(_ sql: String, as type: Value.Type) throws -> [Value] {
        try DatabaseQueue(path: directory("fleet.db")).read { try Value.fetchAll($0, sql: sql) }
    }

    @Test(
        "V1: disks are checked before a deployment where they are still to be partitioned, once for each node",
        arguments: [
            ("ready", "", []), ("deploying", "", []), ("provisioned", "", []), ("error", "deploy", []),
            ("discover", "", ["checked 1"]), ("error", "provision", ["checked 1"]),
        ])
    func theCheckGoesByTheNodesStatus(status: String, error: String, expected: [String]) async throws {
        let fleet = try await start()
        let cluster = try await fleet.createCluster("a", extensions: ["volume_manager"])
        _ = try await fleet.register(1)
        let body = #"{"cluster": \#(cluster), "status": "\#(status)", "labels": {"error_type": "\#(error)"}}"#
        #expect(try await fleet.send("PUT", "/v1/nodes/1", body).status == 200)
        #expect(try await fleet.send("POST", "/v1/clusters/\(cluster)/check")["passed"] as? Bool == true)
        let notes = (try? directory.text("volume_manager.notes")) ?? ""
        #expect(notes.split(separator: "\n").map(String.init).filter { $0.hasPrefix("checked") } == expected)
        try await fleet.stop()
    }

    @Test("V2: with nodes go their rows, and no others") func rowsGoWithTheirNodes() async throws {
        let fleet = try await start()
        for number in 1...5 { _ = try await fleet.register(number) }
        func nodes() throws -> [Int] { try rows("SELECT node FROM \(Self.table) ORDER BY node", as: Int.self) }
        let areThere = try await fleet.wait { try nodes() == [1, 2, 3, 4, 5, 101, 102] }
        #expect(areThere)
        #expect(try await fleet.send("DELETE", "/v1/nodes/1").status == 204)
        let isGone = try await fleet.wait { try nodes() == [2, 3, 4, 5, 101, 102] }
        #expect(isGone)
        #expect(try await fleet.send("DELETE", "/v1/nodes?ids=2,3,5").status == 204)
        let areGone = try await fleet.wait { try nodes() == [4, 101, 102] }
        #expect(areGone)
        try await fleet.stop()
    }

    @Test("V3: a step takes over the rows that are the extension's, and leaves the others'")
    func aStepTakesOverItsRows() async throws {
        let fleet = try await start()
        #expect(try await fleet.send("GET", "/v1/extensions/volume_manager")["state"] as? String == "running")
        #expect(try rows("SELECT node FROM \(Self.table) ORDER BY node", as: Int.self) == [101, 102])
        let volumes = try rows("SELECT volumes FROM \(Self.table) ORDER BY node", as: String.self)
        #expect(volumes == [#"[{"id":"os"}]"#, "[]"])
        #expect(try rows("SELECT extension_name FROM \(Self.buffer)", as: String.self) == ["bareon"])
        try await fleet.stop()
    }
}
