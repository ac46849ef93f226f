// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Who may do what, and what is told to whoever may not.
@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func token(_ fleet: RunningFleet, _ body: String) async throws -> (id: Int, secret: String) {
        let reply = try await fleet.send("POST", "/v1/tokens", body)
        return (try #require(reply["id"] as? Int), try #require(reply["token"] as? String))
    }

    @Test func withoutATokenOnlyPublicPathsAnswer() async throws {
        let fleet = try await RunningFleet(directory)
        let description = try await fleet.send("GET", "/v1/openapi.json", token: nil)
        #expect(description.status == 200)
        let paths = try #require(description["paths"] as? [String: [String: [String: Any]]])
        #expect(paths.count > 20)
        for (path, methods) in paths {
            for (method, operation) in methods {
                let place = path.replacing("{id}", with: "1").replacing("{name}", with: "x")
                    .replacing("{number}", with: "1")
                let reply = try await fleet.send(method.uppercased(), place, "{}", token: nil)
                #expect((reply.status == 401) == (operation["security"] != nil), "\(method) \(path)")
                if reply.status == 401 { #expect(reply.headers["www-authenticate"] == "Bearer") }
            }
        }
        try await fleet.stop()
    }

    @Test func aTokenIsGoodForItsScopeAlone() async throws {
        let fleet = try await RunningFleet(directory)
        let read = try await token(fleet, #"{"scope": "read"}"#).secret
        let bootstrap = try await token(fleet, #"{"scope": "bootstrap"}"#).secret
        let (id, node) = try await fleet.register(1)
        let (other, second) = try await fleet.register(2)
        #expect(try await fleet.send("GET", "/v1/nodes", token: read).status == 200)
        #expect(try await fleet.send("DELETE", "/v1/nodes/1", token: read).status == 403)
        #expect(try await fleet.send("GET", "/v1/nodes", token: bootstrap).status == 403)
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)", token: node).status == 200)
        #expect(try await fleet.send("GET", "/v1/nodes/\(other)", token: node).status == 403)
        #expect(try await fleet.send("POST", "/v1/tokens", #"{"scope": "admin"}"#, token: node).status == 403)
        // A node's token on another host.
        let stolen = try await fleet.send(
            "PUT", "/v1/nodes/agent", #"{"mac": "\#(RunningFleet.mac(2))"}"#, token: node)
        #expect(stolen.status == 403)
        // Nor does a report take another host's address from it.
        let claim = #"{"agent_checksum": "1", "meta": {"interfaces": [{"mac": "\#(RunningFleet.mac(2))"}]}}"#
        #expect(try await fleet.send("PUT", "/v1/nodes/agent", claim, token: node).status == 200)
        let own = try await fleet.send("PUT", "/v1/nodes/agent", #"{"mac": "\#(RunningFleet.mac(2))"}"#, token: second)
        #expect(own.status == 200)
        try await fleet.stop()
    }

    @Test func aTokenEndsWithItsTimeItsUsesAndItsRevocation() async throws {
        let fleet = try await RunningFleet(directory)
        func register(_ number: Int, _ token: String) async throws -> HTTPClient.Reply {
            try await fleet.send(
                "POST", "/v1/nodes", #"{"mac": "\#(RunningFleet.mac(number))", "status": "discover"}"#, token: token)
        }
        let twice = try await token(fleet, #"{"scope": "bootstrap", "uses": 2}"#)
        #expect(try await register(1, twice.secret).status == 201)
        #expect(try await register(1, twice.secret).status == 409)
        #expect(try await register(2, twice.secret).status == 201)
        #expect(try await register(3, twice.secret).status == 403)
        let brief = try await token(fleet, #"{"scope": "bootstrap", "expires_in": 1}"#)
        let hasExpired = try await fleet.wait { try await register(4, brief.secret).status == 401 }
        #expect(hasExpired)
        let revoked = try await token(fleet, #"{"scope": "read"}"#)
        #expect(try await fleet.send("DELETE", "/v1/tokens/\(revoked.id)").status == 204)
        #expect(try await fleet.send("GET", "/v1/nodes", token: revoked.secret).status == 401)
        // Its secret is nowhere to be read.
        let list = try await fleet.send("GET", "/v1/tokens").text
        #expect(!list.contains(twice.secret))
        #expect(try !Data(contentsOf: URL(filePath: directory("fleet.db"))).contains(Data(twice.secret.utf8)))
        try await fleet.stop()
    }

    @Test func tokensOutliveAStartAnew() async throws {
        let first = try await RunningFleet(directory)
        let (_, node) = try await first.register(1)
        try await first.stop()
        let second = try await RunningFleet(directory)
        #expect(try await second.send("PUT", "/v1/nodes/agent", "{}", token: node).status == 200)
        #expect(try await second.send("DELETE", "/v1/nodes/1").status == 204)
        #expect(try await second.send("PUT", "/v1/nodes/agent", "{}", token: node).status == 401)
        try await second.stop()
    }

    @Test func theFirstStartMakesATokenThatNobodyElseCanRead() async throws {
        let fresh = try TemporaryDirectory()
        let fleet = try await RunningFleet(fresh, "token_file = \(fresh("made.token"))")
        let made = try fresh.text("made.token").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(made.count == 64)
        let mode = try FileManager.default.attributesOfItem(atPath: fresh("made.token"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await fleet.send("GET", "/v1/nodes", token: made).status == 200)
        #expect(!fleet.log.lines.joined().contains(made))
        try await fleet.stop()
    }

    @Test(
        arguments: [
            ("POST", "/v1/nodes", "", 400), ("POST", "/v1/nodes", "nonsense", 400), ("POST", "/v1/nodes", "[]", 400),
            ("POST", "/v1/nodes", #"{"mac": 1, "status": "discover"}"#, 400),
            ("POST", "/v1/nodes", #"{"mac": "x", "status": "discover"}"#, 400),
            ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "stat": "discover"}"#, 400),
            ("POST", "/v1/nodes", #"{"mac": "a", "mac": "b"}"#, 400),
            ("POST", "/v1/nodes", String(repeating: "[", count: 5000), 400),
            ("POST", "/v1/clusters", #"{"name": ""}"#, 400), ("POST", "/v1/clusters", #"{"name": null}"#, 400),
            ("GET", "/v1/nodes/1/../../tokens", "", 400), ("GET", "/v1/nodes/%2e%2e", "", 400),
            ("GET", "/v1/nodes/%2Fetc", "", 400), ("GET", "/v1/nodes/%ff", "", 400), ("GET", "/v1/nodes/7", "", 404),
            ("GET", "/v1/nodes/99999999999999999999", "", 404), ("GET", "/v1/nodes?clustr=1", "", 400),
            ("GET", "/v1/nothing", "", 404), ("PUT", "/v1/extensions", "[]", 405),
            ("DELETE", "/v1/extensions", "", 405),
            ("POST", "/v1/tokens", #"{"scope": "node"}"#, 400),
            ("POST", "/v1/tokens", #"{"scope": "read", "uses": 1}"#, 400),
        ])
    func whatIsAskedWronglyIsAnsweredClearly(method: String, path: String, body: String, status: Int) async throws {
        let fleet = try await RunningFleet(directory)
        let reply = try await fleet.send(method, path, body.isEmpty ? nil : body)
        #expect(reply.status == status)
        #expect(reply.headers["content-type"] == "application/problem+json")
        #expect((reply["detail"] as? String)?.isEmpty == false)
        if status == 405 { #expect(reply.headers["allow"] == "GET") }
        try await fleet.stop()
    }

    @Test func aHugeBodyIsRefusedBeforeItIsRead() async throws {
        let fleet = try await RunningFleet(directory, "max_request_mib = 1")
        let body = #"{"name": ""# + String(repeating: "x", count: 2 << 20) + #""}"#
        #expect(try await fleet.send("POST", "/v1/clusters", body).status == 413)
        try await fleet.stop()
    }
}
