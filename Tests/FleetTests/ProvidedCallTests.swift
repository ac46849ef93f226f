// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What extensions provide for one another and for operators, with the cases of Nailgun's own tests by their numbers.
@Suite(.timeLimit(.minutes(5))) struct ProvidedCallTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Both provide `method_call`, and note each time that they are called.
    private func start() async throws -> RunningFleet {
        for name in ["ex1", "ex2"] {
            try ScriptedExtension(
                name: name, declares: #"{"provides": ["method_call"]}"#,
                body: """
                    if c["method"] == "extension_call":
                        note("%s of %d" % (p["call"], p["node"]["id"]))
                        answer({"value": "from \(name)"})
                    """
            ).install(directory)
        }
        return try await RunningFleet(directory)
    }

    private func calls(_ name: String) throws -> [String] {
        let notes = (try? directory.text(ScriptedExtension(name: name).notes)) ?? ""
        return notes.split(separator: "\n").map(String.init).filter { $0.hasPrefix("method_call") }
    }

    private static let path = "/v1/nodes/1/calls/method_call"

    @Test("T3: a call that no extension of the node or its cluster provides is not found")
    func nobodyProvidesIt() async throws {
        let fleet = try await start()
        let cluster = try await fleet.createCluster("a")
        _ = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"cluster": \#(cluster)}"#)
        let reply = try await fleet.send("POST", Self.path, "{}")
        #expect(reply.status == 404)
        #expect(reply["detail"] as? String == "Cannot find extension which provides 'method_call' call")
        #expect(try calls("ex1") + calls("ex2") == [])
        #expect(try await fleet.send("POST", "/v1/nodes/99/calls/method_call", "{}").status == 404)
        try await fleet.stop()
    }

    @Test("T4: an extension of the node comes before one of its cluster, which isn't called")
    func theNodesOwnComesFirst() async throws {
        let fleet = try await start()
        let cluster = try await fleet.createCluster("a", extensions: ["ex2"])
        _ = try await fleet.register(1)
        let node = try await fleet.send("PUT", "/v1/nodes/1", #"{"cluster": \#(cluster), "extensions": ["ex1"]}"#)
        #expect(node["extensions"] as? [String] == ["ex1"])
        let reply = try await fleet.send("POST", Self.path, "{}")
        #expect((reply["value"] as? String, reply["extension"] as? String) == ("from ex1", "ex1"))
        #expect(try calls("ex1") == ["method_call of 1"])
        #expect(try calls("ex2") == [])
        let unknown = try await fleet.send("PUT", "/v1/nodes/1", #"{"extensions": ["ex3"]}"#)
        #expect(unknown["detail"] as? String == "No such extensions: ex3")
        try await fleet.stop()
    }

    @Test("T5: without one of the node's own, the cluster's is called")
    func theClustersIsCalled() async throws {
        let fleet = try await start()
        let cluster = try await fleet.createCluster("a", extensions: ["ex2"])
        _ = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"cluster": \#(cluster)}"#)
        #expect(try await fleet.send("POST", Self.path, "{}")["value"] as? String == "from ex2")
        #expect(try calls("ex1") == [])
        #expect(try calls("ex2") == ["method_call of 1"])
        _ = try await fleet.send("PUT", "/v1/extensions/ex2/state", #"{"state": "off"}"#)
        let off = try await fleet.send("POST", Self.path, "{}")
        #expect((off.status, off["extension"] as? String) == (503, "ex2"))
        try await fleet.stop()
    }

    @Test("Y1: a function that an extension adds is found by its name and gets its arguments")
    func aFunctionGetsItsArguments() async throws {
        try ScriptedExtension(
            name: "odd", declares: #"{"provides": ["is_odd"]}"#,
            body: """
                if c["method"] == "extension_call":
                    n = p["arguments"][0]
                    if type(n) is int: answer({"value": n % 2 == 1})
                    else: fail(-32003, "is_odd takes a whole number")
                """
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        _ = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"extensions": ["odd"]}"#)
        let path = "/v1/nodes/1/calls/is_odd"
        #expect(try await fleet.send("POST", path, #"{"arguments": [1]}"#)["value"] as? Bool == true)
        #expect(try await fleet.send("POST", path, #"{"arguments": [2]}"#)["value"] as? Bool == false)
        let refused = try await fleet.send("POST", path, #"{"arguments": ["x"]}"#)
        #expect((refused.status, refused["extension"] as? String) == (422, "odd"))
        #expect((refused["detail"] as? String)?.contains("is_odd takes a whole number") == true)
        for body in [#"{"arguments": 1}"#, #"{"arguments": null}"#, "[1]", #"{"argument": [1]}"#, ""] {
            #expect(try await fleet.send("POST", path, body).status == 400, "\(body)")
        }
        try await fleet.stop()
    }

    @Test(arguments: ContainmentTests.failures) func oneThatFailsToAnswerIsNamed(failure: String) async throws {
        try ScriptedExtension(
            name: "bad", declares: #"{"provides": ["place"]}"#, body: "if c['method'] == 'extension_call': \(failure)"
        ).install(directory)
        let fleet = try await RunningFleet(directory, timeout: ScriptedExtension.timeout(failure), pluginTimeout: 20)
        _ = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"extensions": ["bad"]}"#)
        let reply = try await fleet.send("POST", "/v1/nodes/1/calls/place", "{}")
        #expect((reply.status, reply["extension"] as? String) == (503, "bad"))
        try await fleet.stop()
    }

    @Test func extensionsCallOneAnother() async throws {
        try ScriptedExtension(
            name: "power", declares: #"{"provides": ["place"], "routes": [{"method": "POST", "path": "/off"}]}"#,
            body: """
                if c["method"] == "handle_request":
                    replies = [call("fleet.call", call=name, node=1, arguments=["row"]) for name in ["place", "nothing"]]
                    answer({"status": 200, "headers": {}, "body": json.dumps({"replies": replies})})
                """
        ).install(directory)
        try ScriptedExtension(
            name: "rack", declares: #"{"provides": ["place"]}"#,
            body: "if c['method'] == 'extension_call': answer({'value': {'row': 3, 'asked': p['arguments']}})"
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        _ = try await fleet.register(1)
        // Both provide it, and the one that calls asks the other.
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"extensions": ["power", "rack"]}"#)
        let reply = try await fleet.send("POST", "/v1/off", "{}")
        let replies = try #require(reply["replies"] as? [[String: Any]])
        let place = try #require(replies.first?["value"] as? [String: Any])
        #expect((place["row"] as? Int, place["asked"] as? [String]) == (3, ["row"]))
        #expect(replies.last?["message"] as? String == "Cannot find extension which provides 'nothing' call")
        try await fleet.stop()
    }
}
