// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Requests that extensions answer.
@Suite(.timeLimit(.minutes(5))) struct RouteTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func install(_ name: String, routes: String, body: String = "") throws {
        let answering = """
            if c["method"] == "handle_request":
                seen = dict((k, p.get(k)) for k in ("route", "method", "path", "parameters", "query", "body", "node", "headers"))
                \(body.isEmpty ? "pass" : body)
                if not answered: answer({"status": 200, "headers": {"content-type": "application/json", "server": "x"}, "body": json.dumps(seen)})
            """
        try ScriptedExtension(name: name, declares: #"{"routes": \#(routes)}"#, body: answering).install(directory)
    }

    @Test("U1: the old guide's paths are served where they were, and at the extension's own")
    func theOldGuidesPathsAreServedWhereTheyWereAndAtTheExtensionsOwn() async throws {
        try install(
            "example",
            routes: #"""
                [{"method": "GET", "path": r"/example_extension/(?P<node_id>\d+)/?$"},
                 {"method": "PUT", "path": r"/example_extension/(?P<node_id>\d+)/properties/"}]
                """#)
        let fleet = try await RunningFleet(directory)
        for base in ["/v1", "/v1/ext/example"] {
            let reply = try await fleet.send("GET", "\(base)/example_extension/12/?a=b%20c")
            #expect(reply.status == 200)
            #expect(reply["parameters"] as? [String: String] == ["node_id": "12"])
            #expect(reply["query"] as? [String: String] == ["a": "b c"])
            #expect(reply.headers["server"] == nil)
            let put = try await fleet.send("PUT", "\(base)/example_extension/12/properties", "text")
            #expect(put["body"] as? String == "text")
            let wrong = try await fleet.send("DELETE", "\(base)/example_extension/12")
            #expect((wrong.status, wrong.headers["allow"]) == (405, "GET"))
            #expect(try await fleet.send("GET", "\(base)/example_extension/x").status == 404)
            #expect(try await fleet.send("GET", "\(base)/example_extension/12", token: nil).status == 401)
        }
        // No token reaches it.
        #expect(!(try await fleet.send("GET", "/v1/example_extension/1").text).contains(RunningFleet.admin))
        let description = try await fleet.send("GET", "/v1/openapi.json").text
        #expect(description.contains("/v1/ext/example/example_extension/{node_id}/properties"))
        try await fleet.stop()
    }

    @Test func clashesAreToldAndHarmNobody() async throws {
        try install(
            "aa",
            routes:
                #"[{"method": "GET", "path": "/nodes/{x}"}, {"method": "GET", "path": "/thing"}, {"method": "GET", "path": r"/a/(?P<x>\d{3})"}]"#
        )
        try install(
            "bb", routes: #"[{"method": "GET", "path": "/{any}"}, {"method": "GET", "path": "/nodes/{id}/disks"}]"#)
        let fleet = try await RunningFleet(directory)
        #expect(try await fleet.send("GET", "/v1/nodes/7").status == 404)
        #expect(try await fleet.send("GET", "/v1/ext/aa/nodes/7").status == 200)
        #expect(try await fleet.send("GET", "/v1/thing")["route"] as? Int == 1)
        #expect(try await fleet.send("GET", "/v1/ext/bb/thing").status == 200)
        #expect(try await fleet.send("GET", "/v1/nodes/7/disks").status == 200)
        let refused = try #require(try await fleet.send("GET", "/v1/extensions/aa")["refused_routes"] as? [String])
        try #require(refused.count == 2)
        #expect(
            refused[0] == "/v1/nodes/{x} clashes with a path of the service's own; it is at /v1/ext/aa/nodes/{x} alone")
        #expect(refused[1].contains("(?P<x>"))
        let other = try #require(try await fleet.send("GET", "/v1/extensions/bb")["refused_routes"] as? [String])
        #expect(other.count == 1)
        try await fleet.stop()
    }

    @Test func whoMayCallItIsForTheExtensionToSay() async throws {
        try install(
            "door",
            routes: """
                [{"method": "GET", "path": "/open", "access": "public"}, {"method": "GET", "path": "/mine", "access": "node"},
                 {"method": "GET", "path": "/clusters/{cluster_id:int}/door", "access": "read"}]
                """)
        let fleet = try await RunningFleet(directory)
        let (id, node) = try await fleet.register(1)
        #expect(try await fleet.send("GET", "/v1/open", token: nil).status == 200)
        #expect(try await fleet.send("GET", "/v1/mine", token: node)["node"] as? Int == id)
        #expect(try await fleet.send("GET", "/v1/mine").status == 403)
        let cluster = try await fleet.createCluster("a")
        #expect(try await fleet.send("GET", "/v1/clusters/\(cluster)/door").status == 409)
        _ = try await fleet.send("PUT", "/v1/clusters/\(cluster)/extensions", #"["door"]"#)
        #expect(try await fleet.send("GET", "/v1/clusters/\(cluster)/door").status == 200)
        #expect(try await fleet.send("GET", "/v1/clusters/99/door").status == 404)
        _ = try await fleet.send("PUT", "/v1/extensions/door/state", #"{"state": "off"}"#)
        #expect(try await fleet.send("GET", "/v1/open", token: nil).status == 503)
        try await fleet.stop()
    }

    @Test(arguments: ["os._exit(1)", "time.sleep(60)", "answer({'status': 99})", "answer(5)", "fail(-32000, 'no')"])
    func oneThatFailsToAnswerIsNamed(failure: String) async throws {
        try install("bad", routes: #"[{"method": "GET", "path": "/bad"}]"#, body: failure)
        let fleet = try await RunningFleet(directory, timeout: ScriptedExtension.timeout(failure), pluginTimeout: 20)
        let reply = try await fleet.send("GET", "/v1/bad")
        #expect(reply.status == 502)
        #expect(reply["extension"] as? String == "bad")
        #expect(try await fleet.send("GET", "/health").status == 200)
        try await fleet.stop()
    }
}
