// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// Extensions that hang, crash, answer nonsense or reach for others' tables: everybody else goes on, and the API says who
/// it was and why.
@Suite(.timeLimit(.minutes(5))) struct ContainmentTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    static let failures = ["os._exit(3)", "fail(-32000, 'no disk')", "time.sleep(60)", "print('nonsense', flush=True)"]

    @Test(arguments: [
        "os._exit(3)", "fail(-32000, 'no licence'); continue", "time.sleep(60)", "print('nonsense', flush=True)",
    ])
    func oneThatCannotStartIsFailedAndTheRestStart(start: String) async throws {
        try ScriptedExtension(name: "bad", start: start).install(directory)
        let well = ScriptedExtension(name: "well")
        try well.install(directory)
        let fleet = try await RunningFleet(directory, pluginTimeout: start.contains("sleep") ? 8 : 60)
        let bad = try await fleet.send("GET", "/v1/extensions/bad")
        #expect(bad["state"] as? String == "failed")
        #expect((bad["reason"] as? String)?.isEmpty == false)
        if start.contains("licence") { #expect((bad["reason"] as? String)?.contains("no licence") == true) }
        _ = try await fleet.register(1)
        let isTold = try await fleet.wait { well.told(directory) == ["node_create"] }
        #expect(isTold)
        try await fleet.stop()
    }

    @Test(arguments: failures) func oneThatFailsOverAnEventIsSaidAndSwitchedOff(failure: String) async throws {
        let body = "if c['method'] == 'extension_event': \(failure)"
        try ScriptedExtension(name: "bad", body: body).install(directory)
        let well = ScriptedExtension(name: "well")
        try well.install(directory)
        let fleet = try await RunningFleet(
            directory, "extension_failures = 2", timeout: ScriptedExtension.timeout(failure), pluginTimeout: 20)
        _ = try await fleet.register(1)
        let isSaid = try await fleet.wait {
            let bad = try await fleet.send("GET", "/v1/extensions/bad")
            return bad["last_error"] is String && bad["pending_events"] as? Int == 1
        }
        #expect(isSaid)
        let isOff = try await fleet.wait {
            try await fleet.send("GET", "/v1/extensions/bad")["state"] as? String == "off"
        }
        #expect(isOff)
        let bad = try await fleet.send("GET", "/v1/extensions/bad")
        #expect((bad["reason"] as? String)?.hasPrefix("failed 2 times, at last: ") == true)
        #expect(bad["failed_calls"] as? Int == 2)
        let isTold = try await fleet.wait { well.told(directory) == ["node_create"] }
        #expect(isTold)
        #expect(fleet.log.lines.count { $0.contains("extension bad fails") } == 1)
        try await fleet.stop()
    }

    @Test(arguments: failures) func oneThatFailsTheDeploymentCheckIsAFinding(failure: String) async throws {
        let body = "if c['method'] == 'deployment_check': \(failure)"
        try ScriptedExtension(name: "bad", body: body).install(directory)
        try ScriptedExtension(name: "well").install(directory)
        let fleet = try await RunningFleet(directory, timeout: ScriptedExtension.timeout(failure), pluginTimeout: 20)
        let id = try await fleet.createCluster("a", extensions: ["bad", "well"])
        let reply = try await fleet.send("POST", "/v1/clusters/\(id)/check")
        #expect((reply.status, reply["passed"] as? Bool) == (200, false))
        let findings = try #require(reply["findings"] as? [[String: Any]])
        #expect(findings.map { $0["extension"] as? String } == ["bad"])
        #expect((findings.first?["message"] as? String)?.hasPrefix("The extension fails: ") == true)
        try await fleet.stop()
    }

    @Test func aProgramThatEndsByItselfIsSaidToBeStartedAnew() async throws {
        try ScriptedExtension(
            name: "brief", declares: #"{"routes": [{"method": "POST", "path": "/end"}]}"#,
            body: "if c['method'] == 'handle_request': os._exit(0)"
        ).install(directory)
        let fleet = try await RunningFleet(directory, "extension_failures = 1000")
        #expect(
            (try await fleet.send("GET", "/v1/extensions/brief")["process"] as? [String: String])?["state"] == "running"
        )
        // The first end is followed by a start at once, the next ones by a pause.
        let isSaid = try await fleet.wait {
            #expect(try await fleet.send("POST", "/v1/end", "{}").status == 502)
            let process = try await fleet.send("GET", "/v1/extensions/brief")["process"] as? [String: String]
            return ["restarting", "quarantined"].contains(process?["state"]) && process?["reason"]?.isEmpty == false
        }
        #expect(isSaid)
        try await fleet.stop()
    }

    @Test func whoReachesForOthersTablesChangesNothingAndIsSaid() async throws {
        let statements = [
            "UPDATE node SET name = 'mine'", "DELETE FROM ext_other__thing", "INSERT INTO token VALUES (1)",
            "CREATE TABLE ext_rack__late (id INTEGER)", "DROP TABLE event", "PRAGMA foreign_keys = OFF",
        ]
        let list = statements.map { "\"\($0)\"" }.joined(separator: ", ")
        try ScriptedExtension(
            name: "rack",
            body: """
                if c["method"] == "extension_event":
                    for sql in [\(list)]:
                        note("refused " + call("database.write", statements=[{"sql": sql, "arguments": []}])["message"])
                """
        ).install(directory)
        try ScriptedExtension(
            name: "other",
            declares: #"{"migrations": [{"id": "1", "up": ["CREATE TABLE ext_other__thing (id INTEGER)"]}]}"#
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        let isSaid = try await fleet.wait {
            try await fleet.send("GET", "/v1/extensions/rack")["refused_statements"] as? Int == statements.count
        }
        #expect(isSaid)
        let isTold = try await fleet.wait { ScriptedExtension(name: "rack").told(directory).contains("node_create") }
        #expect(isTold)
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)")["name"] as? String == "c1")
        #expect(try await fleet.send("GET", "/v1/extensions/other")["refused_statements"] as? Int == 0)
        #expect(fleet.log.lines.count { $0.contains("tried a statement that it may not use") } == 1)
        try await fleet.stop()
    }

    @Test func aStatementWithoutEndHoldsUpNobody() async throws {
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        try ScriptedExtension(
            name: "slow", declares: #"{"routes": [{"method": "POST", "path": "/slow"}]}"#,
            body: """
                if c["method"] == "handle_request":
                    reply = call("database.read", statement={"sql": "\(endless)", "arguments": []})
                    answer({"status": 200, "headers": {}, "body": json.dumps(reply)})
                """
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        async let slow = fleet.send("POST", "/v1/slow", "{}")
        for number in 1...5 { #expect(try await fleet.register(number).id == number) }
        #expect(try await slow["message"] as? String == "the database says: took longer than 1000 ms")
        try await fleet.stop()
    }
}
