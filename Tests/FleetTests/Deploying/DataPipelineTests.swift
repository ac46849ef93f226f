// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What extensions' pipelines do to deployment data, as operators and agents see it.
@Suite(.timeLimit(.minutes(3))) struct DataPipelineTests {
    /// Notes what each pipeline is told, and hands the data on.
    private static let noting = """
        if c["method"].startswith("process_"):
            note(json.dumps([c["method"], p["pipeline"], p["cluster"]["id"], sorted(p["data"]["nodes"]),
                [n["id"] for n in p["nodes"]]]).replace(" ", ""))
            answer({"data": p["data"]})
        """
    private static let one = #"{"data_pipelines": ["One"]}"#

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func notes(_ entry: ScriptedExtension) -> [String] {
        ((try? directory.text(entry.notes)) ?? "").split(separator: "\n").map(String.init).filter { $0.hasPrefix("[") }
    }

    @Test func twoPipelinesThatAddOneAndTwoMakeThree() async throws {
        let body = """
            if c["method"] == "process_deployment":
                p["data"]["key"] = p["data"].get("key", 0) + 1 + p["pipeline"]
            if c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        try ScriptedExtension(name: "adder", declares: #"{"data_pipelines": ["PlusOne", "PlusTwo"]}"#, body: body)
            .install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, _) = try await fleet.deployable(1, extensions: ["adder"])
        #expect(try await fleet.deploy(cluster)["generation"] as? Int == 1)
        let generation = try await fleet.send("GET", "/v1/clusters/\(cluster)/generations/1")
        #expect(generation.at("/deployment/data/key") as? Int == 3)
        #expect(generation.at("/provisioning/data/key") == nil)
        try await fleet.stop()
    }

    @Test func aNodeWhoseDataWasReplacedIsKeptFromPipelinesAndPutBackAsItWas() async throws {
        let entry = ScriptedExtension(name: "noting", declares: Self.one, body: Self.noting)
        try entry.install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(4, extensions: ["noting"])
        let own = #"{"polling": {"sources": {"cpu": {"interval": 7, "meters": ["cpu"]}}}}"#
        for (kind, data) in [("deployment", own), ("provisioning", #"{"hostname": "mine"}"#)] {
            let reply = try await fleet.send("PUT", "/v1/nodes/\(nodes[0].id)/overrides/\(kind)", data)
            #expect(reply.status == 200)
        }
        #expect(try await fleet.deploy(cluster).status == 201)
        #expect(
            notes(entry) == [
                #"["process_deployment",0,\#(cluster),["2","3","4"],[2,3,4]]"#,
                #"["process_provisioning",0,\#(cluster),["2","3","4"],[2,3,4]]"#,
            ])
        let generation = try await fleet.send("GET", "/v1/clusters/\(cluster)/generations/1")
        let wanted = try JSON.object(own)
        #expect(generation.at("/deployment/data/nodes/1") as? NSDictionary == wanted)
        #expect(generation.at("/provisioning/data/nodes/1/hostname") as? String == "mine")
        let replaced = try await fleet.configuration(nodes[0].token)
        #expect(replaced.at("/config/polling/sources/cpu/interval") as? Int == 7)
        let made = try await fleet.configuration(nodes[1].token)
        #expect(made.at("/config/polling/sources/cpu/interval") as? Int == 60)
        try await fleet.stop()
    }

    @Test func whoMakesReplacedDataAnewHasPipelinesSeeAllOnce() async throws {
        let entry = ScriptedExtension(name: "noting", declares: Self.one, body: Self.noting)
        try entry.install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(4, extensions: ["noting"])
        _ = try await fleet.send("PUT", "/v1/nodes/\(nodes[0].id)/overrides/deployment", #"{"pollsters": ["none"]}"#)
        #expect(try await fleet.deploy(cluster, #"{"ignore_customized": true}"#).status == 201)
        #expect(
            notes(entry).first == #"["process_deployment",0,\#(cluster),["1","2","3","4"],[1,2,3,4]]"#)
        #expect(notes(entry).count == 2)
        #expect(try await fleet.configuration(nodes[0].token).at("/config/pollsters") == nil)
        try await fleet.stop()
    }

    @Test func extensionsGoInTheClustersOrderAndTheLastOneHasItsWay() async throws {
        for (name, interval) in [("first", 10), ("second", 20)] {
            let body = """
                if c["method"] == "process_deployment":
                    p["data"]["common"]["polling"]["sources"]["cpu"]["interval"] = \(interval)
                if c["method"].startswith("process_"): answer({"data": p["data"]})
                """
            try ScriptedExtension(name: name, declares: Self.one, body: body).install(directory)
        }
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(1, extensions: ["second", "first"])
        let reply = try await fleet.deploy(cluster)
        #expect(reply.at("/conflicts/0/path") as? String == "/common/polling/sources/cpu/interval")
        #expect(reply.at("/conflicts/0/extensions") as? [String] == ["second", "first"])
        let explained = try await fleet.send(
            "GET", "/v1/nodes/\(nodes[0].id)/config/explain?path=/polling/sources/cpu/interval")
        #expect(explained["value"] as? Int == 10)
        #expect(explained["set_by"] as? String == "extension first, pipeline One")
        let history = explained["history"] as? [[String: Any]] ?? []
        #expect(history.map { $0["value"] as? Int } == [60, 20, 10])
        #expect(history[0]["by"] as? String == "the cluster's attribute agent")
        try await fleet.stop()
    }

    @Test func aPipelineThatFailsLeavesTheGenerationBefore() async throws {
        let body = """
            if c["method"] == "process_deployment" and p["data"]["common"]["polling"]["sources"]["cpu"]["interval"] == 5:
                fail(-32000, "cannot reach the rack database")
            elif c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        try ScriptedExtension(name: "racks", declares: Self.one, body: body).install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, nodes) = try await fleet.deployable(1, extensions: ["racks"])
        _ = try await fleet.deploy(cluster)
        let before = try await fleet.configuration(nodes[0].token)
        try await fleet.setAgent(cluster, Self.agent(interval: "5"))
        let refused = try await fleet.deploy(cluster)
        #expect(refused.status == 503)
        #expect(refused["extension"] as? String == "racks")
        #expect(refused["event"] as? String == "process_deployment")
        #expect((refused["detail"] as? String)?.contains("cannot reach the rack database") == true)
        let after = try await fleet.configuration(nodes[0].token)
        #expect(after.text == before.text)
        let audit = try await fleet.send("GET", "/v1/audit?limit=1")
        #expect(audit.at("/entries/0/outcome") as? String == "refused")
        try await fleet.stop()
    }

    @Test(arguments: [
        (#"p["data"]["nodes"]["1"]["uid"] = "2""#, "changed /nodes/1/uid, which says who the node is"),
        (#"del p["data"]["nodes"]["1"]"#, "took node 1 away"),
        (#"p["data"]["nodes"]["9"] = {}"#, "added a node 9, which is not there"),
        (#"p["data"] = None"#, "allowed: an object, the data"),
        (#"del p["data"]["common"]"#, "left no object common"),
    ])
    func whatIsNoDeploymentDataAnyMoreIsRefused(statement: String, words: String) async throws {
        let body = """
            if c["method"].startswith("process_"):
                \(statement)
                answer({"data": p["data"]})
            """
        try ScriptedExtension(name: "rough", declares: Self.one, body: body).install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, _) = try await fleet.deployable(1, extensions: ["rough"])
        let reply = try await fleet.deploy(cluster)
        #expect([422, 503].contains(reply.status))
        #expect((reply["detail"] as? String)?.contains(words) == true, "\(reply.text)")
        #expect((reply["detail"] as? String)?.contains("rough") == true)
        try await fleet.stop()
    }

    @Test func aPipelineOfTheKitIsAskedForEachDeploymentAndMayRefuse() async throws {
        try directory.write(
            "[plugin]\nversion = 2.1.0\nprotocol = 1\nexec = recorder\n[nailgun.extensions]\nrecorder = X\n",
            to: "plugins/recorder.entry_points")
        try FileManager.default.createSymbolicLink(
            atPath: directory("plugins/recorder"),
            withDestinationPath: Bundle.main.bundleURL.appending(path: "example-plugin").path)
        let fleet = try await RunningFleet(directory)
        let (cluster, _) = try await fleet.deployable(2, extensions: ["recorder"])
        #expect(try await fleet.deploy(cluster).status == 201)
        let generation = try await fleet.send("GET", "/v1/clusters/\(cluster)/generations/1")
        #expect(generation.at("/deployment/data/stamp") as? String == "one: c1, c2")
        _ = try await fleet.send("PUT", "/v1/clusters/\(cluster)", #"{"attributes": {"stamp": false}}"#)
        let refused = try await fleet.deploy(cluster)
        #expect(refused.status == 422)
        #expect(
            refused["detail"] as? String == "The pipeline Stamp of the extension recorder refuses: one wants no stamp")
        try await fleet.stop()
    }

    static func agent(interval: String) -> String {
        RunningFleet.agent.replacing(#""interval": 60"#, with: #""interval": \#(interval)"#)
    }
}

enum JSON {
    static func object(_ text: String) throws -> NSDictionary? {
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    }
}
