// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import TestSupport
import Testing

/// Many at once, a database that somebody else holds, and a disk that is full.
@Suite(.timeLimit(.minutes(5))) struct ContentionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func statuses(
        _ count: Int, _ request: @escaping @Sendable (Int) async throws -> HTTPClient.Reply
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<count { group.addTask { try await request(number).status } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }

    @Test func oneOfManyRegistrationsOfAHostSucceeds() async throws {
        let fleet = try await RunningFleet(directory)
        let body = #"{"mac": "\#(RunningFleet.mac(1))", "status": "discover"}"#
        let found = try await statuses(8) { _ in try await fleet.send("POST", "/v1/nodes", body) }
        #expect(found == [201] + Array(repeating: 409, count: 7))
        #expect(try await fleet.kinds == ["node_create"])
        try await fleet.stop()
    }

    @Test func triesOfOneRegistrationAtOnceMakeOneNode() async throws {
        let fleet = try await RunningFleet(directory)
        let body = #"{"mac": "\#(RunningFleet.mac(1))", "status": "discover"}"#
        let found = try await statuses(8) { _ in
            try await fleet.send("POST", "/v1/nodes", body, headers: ["Idempotency-Key": "one"])
        }
        #expect(found == Array(repeating: 200, count: 7) + [201])
        #expect(try await fleet.kinds == ["node_create"])
        try await fleet.stop()
    }

    @Test func oneOfManyWhoSawTheSameVersionChangesIt() async throws {
        let fleet = try await RunningFleet(directory)
        let id = try await fleet.createCluster("a")
        let tag = try #require(try await fleet.send("GET", "/v1/clusters/\(id)").headers["etag"])
        let found = try await statuses(8) { number in
            try await fleet.send(
                "PUT", "/v1/clusters/\(id)", #"{"attributes": {"n": \#(number)}}"#, headers: ["If-Match": tag])
        }
        #expect(found == [200] + Array(repeating: 412, count: 7))
        #expect(try await fleet.send("GET", "/v1/clusters/\(id)")["version"] as? Int == 2)
        try await fleet.stop()
    }

    @Test func aTokenForAFewRegistrationsIsGoodForThatManyAtOnce() async throws {
        let fleet = try await RunningFleet(directory)
        let made = try await fleet.send("POST", "/v1/tokens", #"{"scope": "bootstrap", "uses": 3}"#)
        let token = try #require(made["token"] as? String)
        let found = try await statuses(8) { number in
            let body = #"{"mac": "\#(RunningFleet.mac(number))", "status": "discover"}"#
            return try await fleet.send("POST", "/v1/nodes", body, token: token)
        }
        #expect(found == [201, 201, 201, 403, 403, 403, 403, 403])
        try await fleet.stop()
    }

    @Test func aCrowdIsToldTogetherThatTheDatabaseIsBusy() async throws {
        let fleet = try await RunningFleet(directory)
        let (id, token) = try await fleet.register(1)
        let report = #"{"agent_checksum": "a"}"#
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", report, token: token).status == 200)
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory("fleet.db"), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let began = ContinuousClock.now
        let crowd = Task { [self] in
            try await statuses(12) { number in
                try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "n\#(number)"}"#)
            }
        }
        // What is to be read, and a report that says nothing new, waits for nobody.
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)").status == 200)
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", report, token: token)["cached"] as? Bool == true)
        #expect(try await crowd.value == Array(repeating: 503, count: 12))
        // Each by itself would wait for five seconds.
        #expect(began.duration(to: .now) < .seconds(40))
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"name": "a"}"#).status == 200)
        try await fleet.stop()
    }

    @Test(.enabled(if: SmallDisk.unavailable == nil, "needs a small disk"))
    func aFullDiskIsSaidAndOnceThereIsRoomItGoesOn() async throws {
        let disk = try SmallDisk(mebibytes: 8)
        try FileManager.default.createSymbolicLink(
            atPath: directory("fleet.db"), withDestinationPath: disk.path + "/fleet.db")
        let fleet = try await RunningFleet(directory)
        let (id, token) = try await fleet.register(1)
        let large = String(repeating: "x", count: 1 << 20)
        try disk.fill()
        let full = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"meta": {"large": "\#(large)"}}"#)
        #expect((full.status, full.headers["retry-after"]) == (503, "5"))
        #expect(full["detail"] as? String == "There is no room left for the database.")
        // What there is can be read, and nothing of the change is there.
        #expect((try await fleet.send("GET", "/v1/nodes/\(id)")["meta"] as? [String: Any])?.isEmpty == true)
        #expect(try await fleet.kinds == ["node_create"])
        disk.free()
        let report = #"{"agent_checksum": "a", "meta": {"cpu": {"total": 8}}}"#
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", report, token: token).status == 200)
        #expect(try await fleet.kinds == ["node_create", "node_update"])
        try await fleet.stop()
    }
}
