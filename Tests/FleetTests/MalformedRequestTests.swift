// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Bodies that no client should send, at every operation that takes one.
@Suite(.timeLimit(.minutes(5))) struct MalformedRequestTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let unknownField = Array(#"{"no such field": 1}"#.utf8)

    private static let bodies: [[UInt8]] =
        [
            "", " ", "nonsense", "{", #"{"name": "#, #"{"name": "a"} {}"#, #"{"name": "a",}"#, "'a'", #""ab""#, "1",
            "1e999",
            "null", "true", #"[["a"]]"#, "[1]", "[{}]", #"{"name": "a", "name": "b"}"#,
            String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 5000), #"{"name": "\ud800"}"#,
        ].map { Array($0.utf8) } + [
            unknownField, [0xFF, 0xFE, 0x7B, 0x7D], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x3A, 0x31, 0x7D], [0],
        ]

    @Test func noOperationTakesOneOrFailsOverIt() async throws {
        try ScriptedExtension(name: "rack").install(directory)
        let fleet = try await RunningFleet(directory)
        let (id, node) = try await fleet.register(1)
        _ = try await fleet.createCluster("a")
        let before = try await fleet.kinds
        let paths = try #require(
            try await fleet.send("GET", "/v1/openapi.json")["paths"] as? [String: [String: [String: Any]]])
        var count = 0
        for (path, methods) in paths {
            for (method, operation) in methods where operation["requestBody"] != nil {
                let place = path.replacing("{id}", with: "\(id)").replacing("{name}", with: "rack")
                    .replacing("{kind}", with: "deployment")
                let token = path.hasPrefix("/v1/nodes/agent") ? node : RunningFleet.admin
                // Data in the place of a node's has whatever fields an operator gives it.
                let takesAny = path.hasSuffix("/overrides/{kind}")
                for body in Self.bodies where !takesAny || body != Self.unknownField {
                    let reply = try await onThread {
                        try HTTPClient(port: fleet.port).send(
                            method.uppercased(), place, headers: ["Authorization": "Bearer \(token)"], body: body)
                    }
                    let text = String(decoding: body.prefix(40), as: UTF8.self)
                    #expect((400..<500).contains(reply.status), "\(method) \(path) \(text)")
                    #expect(reply.headers["content-type"] == "application/problem+json", "\(method) \(path) \(text)")
                }
                count += 1
            }
        }
        #expect(count >= 14)
        #expect(try await fleet.kinds == before)
        #expect(!fleet.log.lines.contains { $0.contains("a request failed") })
        try await fleet.stop()
    }

    /// Of fields whose value can't be, each with a word of what is told.
    private static let fields: [(method: String, path: String, body: String, word: String)] = [
        ("POST", "/v1/nodes", #"{"status": "discover"}"#, "mac"),
        ("POST", "/v1/nodes", #"{"mac": "+1:54:00:aa:00:01", "status": "discover"}"#, "hardware address"),
        ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "status": "nothing"}"#, "discover, provisioning"),
        ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "status": "discover", "labels": {"a": 1}}"#, "labels"),
        ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "status": "discover", "labels": {"": "x"}}"#, "labels"),
        ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "status": "discover", "meta": []}"#, "meta"),
        ("POST", "/v1/nodes", #"{"mac": "52:54:00:aa:00:01", "status": "discover", "name": "a\u0000b"}"#, "name"),
        ("PUT", "/v1/nodes/1", #"{"cluster": "1"}"#, "cluster"),
        ("PUT", "/v1/nodes/1", #"{"cluster": 1.5}"#, "cluster"),
        ("PUT", "/v1/nodes/1", #"{"cluster": 0}"#, "cluster"),
        ("PUT", "/v1/nodes/1", #"{"roles": "compute"}"#, "roles"),
        ("PUT", "/v1/nodes/1", #"{"cluster": 1e300}"#, "cluster"),
        ("PUT", "/v1/nodes/1", #"{"roles": [null]}"#, "roles"), ("PUT", "/v1/nodes/1", #"{"name": null}"#, "name"),
        ("PUT", "/v1/nodes/1", #"{"extensions": ["../x"]}"#, "No such extensions: ../x"),
        ("POST", "/v1/clusters", #"{"name": "b", "extensions": ["ghost"]}"#, "No such extensions: ghost"),
        ("POST", "/v1/clusters", #"{"name": "b", "attributes": 1}"#, "attributes"),
        ("PUT", "/v1/clusters/1", #"{"status": "broken"}"#, "operational"),
        ("POST", "/v1/clusters/1/assignment", #"{"nodes": [99999999999999999999]}"#, "nodes"),
        ("POST", "/v1/clusters/1/assignment", #"{"nodes": [1], "roles": ["plumber"]}"#, "no role"),
        ("PUT", "/v1/roles/Big", "{}", "lower-case"), ("PUT", "/v1/roles/a", #"{"description": 1}"#, "description"),
        ("POST", "/v1/tokens", #"{"scope": "read", "expires_in": 0}"#, "expires_in"),
        ("POST", "/v1/tokens", #"{"scope": "bootstrap", "uses": -1}"#, "uses"),
        ("PUT", "/v1/extensions/rack/state", #"{"state": "maybe"}"#, "on, off"),
        ("POST", "/v1/extensions/rack/database", #"{"action": "downgrade", "steps": 0}"#, "steps"),
        ("POST", "/v1/extensions/rack/replay", #"{"after": 99}"#, "no event 99"),
        ("GET", "/v1/nodes?limit=0", "", "limit"), ("GET", "/v1/nodes?label=x", "", "name=value"),
        ("GET", "/v1/events?after=-1", "", "after"), ("DELETE", "/v1/nodes?ids=1;2", "", "ids"),
        ("DELETE", "/v1/nodes?ids=1&force=perhaps", "", "force"), ("DELETE", "/v1/clusters/1?nodes=keep", "", "nodes"),
        ("DELETE", "/v1/clusters/1/extensions", "", "extension_names"),
    ]

    @Test func aFieldThatCannotBeIsNamed() async throws {
        try ScriptedExtension(name: "rack").install(directory)
        let fleet = try await RunningFleet(directory)
        _ = try await fleet.register(1)
        _ = try await fleet.createCluster("a")
        let before = try await fleet.kinds
        for (method, path, body, word) in Self.fields {
            let reply = try await fleet.send(method, path, body.isEmpty ? nil : body)
            #expect(reply.status == 400, "\(method) \(path) \(body): \(reply.text)")
            #expect((reply["detail"] as? String)?.contains(word) == true, "\(method) \(path) \(body): \(reply.text)")
        }
        #expect(try await fleet.kinds == before)
        try await fleet.stop()
    }

    @Test func aBodyThatUnpacksToMoreThanIsTakenIsRefused() async throws {
        let fleet = try await RunningFleet(directory, "max_request_mib = 1")
        let packed = try await onThread {
            try directory.write(#"{"name": ""# + String(repeating: "x", count: 8 << 20) + #""}"#, to: "large")
            _ = try Shell.run("gzip", [directory("large")], timeout: .seconds(60))
            return try Array(Data(contentsOf: URL(filePath: directory("large.gz"))))
        }
        #expect(packed.count < 100_000)
        let reply = try await onThread {
            try HTTPClient(port: fleet.port).send(
                "POST", "/v1/clusters",
                headers: ["Authorization": "Bearer \(RunningFleet.admin)", "Content-Encoding": "gzip"], body: packed)
        }
        #expect(reply.status == 413)
        try await fleet.stop()
    }
}
