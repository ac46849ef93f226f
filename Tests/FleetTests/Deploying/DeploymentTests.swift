// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Deploying a cluster: generations, previews, what is refused, and what agents are told.
@Suite(.timeLimit(.minutes(3))) struct DeploymentTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func install(_ name: String, _ statement: String) throws {
        let body = """
            if c["method"] == "process_deployment":
                \(statement)
            if c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        try ScriptedExtension(name: name, declares: #"{"data_pipelines": ["Intervals"]}"#, body: body).install(
            directory)
    }

    @Test func anImpossibleIntervalIsRefusedWithNodePathAndExtension() async throws {
        try install("hasty", #"p["data"]["nodes"]["2"]["polling"] = {"sources": {"cpu": {"interval": 0}}}"#)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(3, extensions: [])
        #expect(try await fleet.deploy(cluster).status == 201)
        let before = try await fleet.configuration(nodes[1].token)
        _ = try await fleet.send("PUT", "/v1/clusters/\(cluster)/extensions", #"["hasty"]"#)
        let reply = try await fleet.deploy(cluster)
        #expect(reply.status == 422)
        #expect(reply["extension"] as? String == "hasty")
        #expect(
            reply["detail"] as? String
                == "The agents of 1 nodes would refuse their configuration. node 2 (c2): "
                + "/polling/sources/cpu/interval: \"0\"; allowed: seconds, a whole number from 1 to 315360000; "
                + "set by extension hasty, pipeline Intervals.",
            "\(reply.text)")
        let after = try await fleet.configuration(nodes[1].token)
        #expect(after.text == before.text)
        #expect(
            (try await fleet.send("GET", "/v1/clusters/\(cluster)/generations")["generations"] as? [Any])?.count == 1)
        try await fleet.stop()
    }

    @Test func aPreviewTellsWhoWouldChangeWhatAndChangesNothing() async throws {
        try install("racks", #"p["data"]["common"]["polling"]["sources"]["cpu"]["interval"] = 30"#)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(2, extensions: ["racks"])
        let events = try await fleet.events().count
        let preview = try await fleet.deploy(cluster, #"{"dry_run": true}"#)
        #expect(preview.status == 200)
        #expect(preview["passed"] as? Bool == true)
        let steps = preview["deployment"] as? [[String: Any]] ?? []
        #expect(steps.last?["by"] as? String == "extension racks, pipeline Intervals")
        let patch = steps.last?["patch"] as? [NSDictionary]
        #expect(patch == [["op": "replace", "path": "/common/polling/sources/cpu/interval", "value": 30]])
        #expect((preview["nodes"] as? [[String: Any]])?.allSatisfy { $0["changes"] as? Bool == true } == true)
        #expect(try await fleet.configuration(nodes[0].token).status == 404)
        #expect(try await fleet.events().count == events)
        try await fleet.stop()
    }

    @Test func theSameConfigurationKeepsItsTagOverGenerations() async throws {
        try install("clock", #"p["data"]["time_started"] = "deployment started at %s" % time.time()"#)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(1, extensions: ["clock"])
        _ = try await fleet.deploy(cluster)
        let first = try await fleet.configuration(nodes[0].token)
        let tag = try #require(first.headers["etag"])
        _ = try await fleet.deploy(cluster)
        let second = try await fleet.send(
            "GET", "/v1/nodes/agent/config", token: nodes[0].token, headers: ["If-None-Match": tag])
        #expect(second.status == 304)
        #expect(second.headers["hypsometer-generation"] == "2")
        try await fleet.stop()
    }

    @Test func rollingBackBringsTheOldConfigurationUnderANewNumber() async throws {
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(2, extensions: [])
        _ = try await fleet.deploy(cluster)
        let first = try await fleet.configuration(nodes[0].token)
        try await fleet.setAgent(cluster, DataPipelineTests.agent(interval: "10"))
        _ = try await fleet.deploy(cluster, #"{"nodes": [\#(nodes[0].id)]}"#)
        #expect(try await fleet.configuration(nodes[0].token).at("/config/polling/sources/cpu/interval") as? Int == 10)
        let other = try await fleet.configuration(nodes[1].token)
        #expect(other.at("/config/polling/sources/cpu/interval") as? Int == 60)
        #expect(other["generation"] as? Int == 2)
        let reply = try await fleet.send("POST", "/v1/clusters/\(cluster)/generations/1/rollback")
        #expect((reply.status, reply["generation"] as? Int, reply["restores"] as? Int) == (201, 3, 1))
        let back = try await fleet.configuration(nodes[0].token)
        #expect(back["digest"] as? String == first["digest"] as? String)
        #expect(back["generation"] as? Int == 3)
        #expect(try await fleet.send("POST", "/v1/clusters/\(cluster)/generations/9/rollback").status == 404)
        try await fleet.stop()
    }

    @Test func nodesAndClusterFollowWhatAgentsReport() async throws {
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(2, extensions: [])
        _ = try await fleet.deploy(cluster)
        func status(_ path: String) async throws -> String? { try await fleet.send("GET", path)["status"] as? String }
        func report(_ node: Int, _ outcome: String, _ message: String) async throws {
            let digest = try await fleet.configuration(nodes[node].token)["digest"] as? String ?? ""
            let reply = try await fleet.send(
                "PUT", "/v1/nodes/agent/config",
                #"{"generation": 1, "digest": "\#(digest)", "outcome": "\#(outcome)", "message": "\#(message)"}"#,
                token: nodes[node].token)
            #expect(reply.status == 204)
        }
        #expect(try await status("/v1/clusters/\(cluster)") == "deployment")
        #expect(try await status("/v1/nodes/1") == "deploying")
        let node = try await fleet.send("GET", "/v1/nodes/1")
        #expect(node["roles"] as? [String] == ["compute"] && node["pending_roles"] as? [String] == [])
        try await report(0, "applied", "")
        #expect(try await status("/v1/nodes/1") == "ready")
        try await report(1, "refused", "unknown meter")
        #expect(try await status("/v1/nodes/2") == "error")
        #expect(try await status("/v1/clusters/\(cluster)") == "error")
        try await report(1, "applied", "")
        #expect(try await status("/v1/clusters/\(cluster)") == "operational")
        try await fleet.stop()
    }

    @Test func aRolesConfigurationGoesOverWhatHoldsForAllAndNullTakesAway() async throws {
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(1, extensions: [])
        let role = #"{"polling": {"sources": {"cpu": null, "disk": {"interval": 5, "meters": ["disk.*"]}}}}"#
        _ = try await fleet.send(
            "PUT", "/v1/clusters/\(cluster)",
            #"{"attributes": {"agent": \#(RunningFleet.agent), "agent_of_role": {"compute": \#(role)}}}"#)
        _ = try await fleet.deploy(cluster)
        let configuration = try await fleet.configuration(nodes[0].token)
        #expect((configuration.at("/config/polling/sources") as? [String: Any])?.keys.sorted() == ["disk"])
        try await fleet.stop()
    }

    @Test func whatNobodyAskedForIsSaid() async throws {
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(1, extensions: [])
        #expect(try await fleet.deploy(cluster, #"{"nodes": [77]}"#).text.contains("Not in cluster 1: node 77."))
        #expect(try await fleet.deploy(cluster, #"{"dry": true}"#).status == 400)
        #expect(try await fleet.configuration(nodes[0].token).status == 404)
        #expect(try await fleet.send("GET", "/v1/nodes/1/config/explain?path=/polling").status == 404)
        #expect(try await fleet.send("PUT", "/v1/nodes/1/overrides/elsewhere", "{}").status == 404)
        try await fleet.setAgent(cluster, #"{"poling": {}}"#)
        #expect(try await fleet.deploy(cluster).text.contains("did you mean polling?"))
        try await fleet.stop()
    }
}
