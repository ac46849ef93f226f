// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// Nodes over HTTP, as agents and operators meet them.
@Suite(.timeLimit(.minutes(3))) struct NodeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("N1: a node is registered once, and only in status discover")
    func aNodeIsRegisteredOnceAndOnlyInStatusDiscover() async throws {
        let fleet = try await RunningFleet(directory)
        let body =
            #"{"mac": "52:54:00:AA:00:01", "status": "discover", "meta": {"interfaces": [{"mac": "52:54:00:aa:00:02"}]}}"#
        let first = try await fleet.send("POST", "/v1/nodes", body)
        #expect(first.status == 201)
        #expect((first["node"] as? [String: Any])?["mac"] as? String == "52:54:00:aa:00:01")
        // Known by any of its interfaces.
        for mac in ["52:54:00:aa:00:01", "52:54:00:aa:00:02"] {
            let again = try await fleet.send("POST", "/v1/nodes", #"{"mac": "\#(mac)", "status": "discover"}"#)
            #expect(again.status == 409)
            #expect((again["detail"] as? String)?.contains("hypsometer fleet node token 1") == true)
        }
        let ready = try await fleet.send("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:03", "status": "ready"}"#)
        #expect(ready.status == 403)
        #expect(try await fleet.kinds == ["node_create"])
        try await fleet.stop()
    }

    @Test func aRegistrationThatIsTriedAgainGivesTheSameNodeAndAnotherToken() async throws {
        let fleet = try await RunningFleet(directory)
        let body = #"{"mac": "52:54:00:aa:00:01", "status": "discover"}"#
        let first = try await fleet.send("POST", "/v1/nodes", body, headers: ["Idempotency-Key": "try-1"])
        let second = try await fleet.send("POST", "/v1/nodes", body, headers: ["Idempotency-Key": "try-1"])
        #expect((first.status, second.status) == (201, 200))
        #expect((second["node"] as? [String: Any])?["id"] as? Int == 1)
        let (old, new) = (try #require(first["token"] as? String), try #require(second["token"] as? String))
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", "{}", token: old).status == 401)
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", "{}", token: new).status == 200)
        #expect(try await fleet.send("POST", "/v1/nodes", body, headers: ["Idempotency-Key": "try-2"]).status == 409)
        #expect(try await fleet.kinds == ["node_create"])
        try await fleet.stop()
    }

    @Test("N1: a report that says nothing new is cached") func aReportThatSaysNothingNewIsCached() async throws {
        let fleet = try await RunningFleet(directory)
        let (_, token) = try await fleet.register(1)
        let report = #"{"agent_checksum": "abc", "meta": {"cpu": {"total": 8}}}"#
        let first = try await fleet.send("PUT", "/v1/nodes/agent", report, token: token)
        let second = try await fleet.send("PUT", "/v1/nodes/agent", report, token: token)
        #expect((first["cached"] as? Bool, second["cached"] as? Bool) == (false, true))
        #expect(second["id"] as? Int == 1)
        #expect(try await fleet.kinds == ["node_create", "node_update"])
        try await fleet.stop()
    }

    @Test("N2: an agent neither changes a status that somebody set nor forgets disks")
    func anAgentChangesNeitherAStatusThatSomebodySetNorForgetsDisks() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, token) = try await fleet.register(1, meta: #"{"disks": [{"name": "sda"}]}"#)
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"status": "provisioning"}"#).status == 200)
        let report = #"{"status": "discover", "name": "renamed", "meta": {"cpu": {}, "disks": []}}"#
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", report, token: token).status == 200)
        let node = try await fleet.send("GET", "/v1/nodes/\(id)")
        #expect(node["status"] as? String == "provisioning")
        #expect(node["name"] as? String == "renamed")
        #expect(((node["meta"] as? [String: Any])?["disks"] as? [Any])?.count == 1)
        try await fleet.stop()
    }

    @Test func aSilentNodeGoesOfflineUnlessItIsBeingProvisioned() async throws {
        let fleet = try await RunningFleet(directory, "offline_after = 1")
        let (silent, token) = try await fleet.register(1)
        let (busy, other) = try await fleet.register(2)
        #expect(try await fleet.send("PUT", "/v1/nodes/\(busy)", #"{"status": "provisioning"}"#).status == 200)
        // It may have fallen silent before it was provisioned.
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", "{}", token: other).status == 200)
        let isOffline = try await fleet.wait { try await fleet.kinds.contains("node_offline") }
        #expect(isOffline)
        #expect(try await fleet.send("GET", "/v1/nodes/\(silent)")["online"] as? Bool == false)
        #expect(try await fleet.send("GET", "/v1/nodes/\(busy)")["online"] as? Bool == true)
        _ = try await fleet.send("PUT", "/v1/nodes/agent", #"{"agent_checksum": "a"}"#, token: token)
        #expect(try await fleet.kinds.contains("node_online"))
        try await fleet.stop()
    }

    @Test func aChangeIsToldWithWhatWasBeforeAndAfter() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        let change = try await fleet.send(
            "PUT", "/v1/nodes/\(id)", #"{"roles": ["compute"], "labels": {"rack": "r1"}}"#)
        #expect(change.status == 200)
        let event = try #require(try await fleet.events().last)
        #expect(event["kind"] as? String == "node_update")
        #expect(event["changed"] as? [String] == ["labels", "roles"])
        let sides = try #require(event["node"] as? [String: [String: Any]])
        #expect(sides["before"]?["roles"] as? [String] == [])
        #expect(sides["after"]?["roles"] as? [String] == ["compute"])
        // What changes nothing is no event.
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"roles": ["compute"]}"#).status == 200)
        #expect(try await fleet.kinds.count == 2)
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"roles": ["plumber"]}"#).status == 400)
        try await fleet.stop()
    }

    @Test("O2: a reset makes roles pending") func aResetMakesRolesPending() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"roles": ["compute"], "status": "ready"}"#)
        let reset = try await fleet.send("POST", "/v1/nodes/\(id)/reset")
        #expect(reset["status"] as? String == "discover")
        #expect(reset["roles"] as? [String] == [])
        #expect(reset["pending_roles"] as? [String] == ["compute"])
        #expect(try await fleet.kinds.last == "node_reset")
        try await fleet.stop()
    }

    @Test("O1: nodes are deleted all or none") func nodesAreDeletedAllOrNone() async throws {
        let fleet = try await RunningFleet(directory)
        for number in 1...3 { _ = try await fleet.register(number) }
        #expect(try await fleet.send("DELETE", "/v1/nodes?ids=1,2,99").status == 404)
        #expect(try await fleet.kinds.count == 3)
        #expect(try await fleet.send("DELETE", "/v1/nodes?ids=3,1").status == 204)
        let tail = try await fleet.events().suffix(3)
        #expect(tail.map { $0["kind"] as? String } == ["node_delete", "node_delete", "node_collection_delete"])
        #expect(tail.last?["node_ids"] as? [Int] == [1, 3])
        #expect(try await fleet.send("DELETE", "/v1/nodes?ids=").status == 400)
        // A number isn't used again.
        #expect(try await fleet.register(4).id == 4)
        try await fleet.stop()
    }

    @Test func whoSawAnOldVersionIsStopped() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        let seen = try await fleet.send("GET", "/v1/nodes/\(id)")
        let tag = try #require(seen.headers["etag"])
        let first = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "a"}"#, headers: ["If-Match": tag])
        let second = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "b"}"#, headers: ["If-Match": tag])
        #expect((first.status, second.status) == (200, 412))
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", "{}", headers: ["If-Match": "x"]).status == 400)
        try await fleet.stop()
    }

    @Test func aDatabaseThatSomebodyElseHoldsIsSaidToBeBusy() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory("fleet.db"), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let busy = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "a"}"#)
        #expect((busy.status, busy.headers["retry-after"]) == (503, "5"))
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)").status == 200)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "a"}"#).status == 200)
        try await fleet.stop()
    }

    @Test func changesAtTheSameTimeAllTakePlace() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<4 {
                group.addTask {
                    try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "n\#(number)"}"#).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == [200, 200, 200, 200])
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)")["version"] as? Int == 5)
        try await fleet.stop()
    }
}
