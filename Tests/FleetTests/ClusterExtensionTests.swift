// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Extensions as lists, and which of them are enabled on a cluster: Nailgun's inputs and answers.
@Suite(.timeLimit(.minutes(5))) struct ClusterExtensionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func start(_ names: String...) async throws -> RunningFleet {
        for name in names { try ScriptedExtension(name: name).install(directory) }
        return try await RunningFleet(directory)
    }

    @Test("H1, T2: the installed ones are listed with four keys each, and found by name or not")
    func theInstalledOnesAreListedWithFourKeysEach() async throws {
        let fleet = try await start("bareon", "volume_manager")
        let reply = try await fleet.send("GET", "/v1/extensions/")
        let list = try #require(reply.json as? [[String: Any]])
        #expect(list.map { $0["name"] as? String } == ["bareon", "volume_manager"], "\(fleet.log.lines)")
        #expect(list.allSatisfy { Set($0.keys) == ["name", "version", "description", "provides"] })
        #expect(try await fleet.send("POST", "/v1/extensions", "{}").status == 405)
        let unknown = try await fleet.send("GET", "/v1/extensions/unknown_ex")
        #expect(unknown["detail"] as? String == "Cannot find extension with name 'unknown_ex'")
        try await fleet.stop()
    }

    @Test("C1, C2: enabling adds, in order and once") func enablingAddsInOrderAndOnce() async throws {
        let fleet = try await start("aa", "bb", "cc")
        let id = try await fleet.createCluster("a", extensions: ["bb"])
        let path = "/v1/clusters/\(id)/extensions/"
        #expect(try await fleet.send("GET", path).json as? [String] == ["bb"])
        let enabled = try await fleet.send("PUT", path, #"["cc", "aa", "cc", "bb"]"#)
        #expect(enabled.json as? [String] == ["bb", "cc", "aa"])
        #expect(try await fleet.send("PUT", path, "[]").json as? [String] == ["bb", "cc", "aa"])
        #expect(try await fleet.kinds.suffix(3) == ["cluster_update", "extension_enabled", "extension_enabled"])
        #expect(try await fleet.send("GET", "/v1/clusters/99/extensions").status == 404)
        try await fleet.stop()
    }

    @Test("C3: unknown names are named, and nothing is enabled") func unknownNamesAreNamedAndNothingIsEnabled()
        async throws
    {
        let fleet = try await start("bareon", "volume_manager")
        let id = try await fleet.createCluster("a")
        let reply = try await fleet.send(
            "PUT", "/v1/clusters/\(id)/extensions", #"["network_manager", "volume_manager", "ant"]"#)
        #expect(reply.status == 400)
        #expect(reply["detail"] as? String == "No such extensions: ant, network_manager")
        #expect(try await fleet.send("GET", "/v1/clusters/\(id)/extensions").json as? [String] == [])
        try await fleet.stop()
    }

    @Test(arguments: [#""ab""#, #"{"a": 1}"#, "1", "null", #"[["a"]]"#, "[1]", "", #"[""]"#])
    func onlyAListOfNamesIsTaken(body: String) async throws {
        let fleet = try await start()
        let id = try await fleet.createCluster("a")
        #expect(try await fleet.send("PUT", "/v1/clusters/\(id)/extensions", body).status == 400)
        try await fleet.stop()
    }

    @Test("C4, C5: disabling needs names that are enabled") func disablingNeedsNamesThatAreEnabled() async throws {
        let fleet = try await start("volume_manager", "bareon", "ultralogger")
        let id = try await fleet.createCluster("a", extensions: ["volume_manager", "bareon", "ultralogger"])
        let path = "/v1/clusters/\(id)/extensions"
        let wrong = try await fleet.send("DELETE", "\(path)?extension_names=network_manager,bareon")
        #expect(wrong.status == 400)
        #expect(wrong["detail"] as? String == "No such extensions to disable: network_manager")
        #expect(try await fleet.send("DELETE", path).status == 400)
        let right = try await fleet.send("DELETE", "\(path)?extension_names=bareon,%20volume_manager,bareon")
        #expect((right.status, right.text) == (204, ""))
        #expect(try await fleet.send("GET", path).json as? [String] == ["ultralogger"])
        try await fleet.stop()
    }

    @Test("T7: the deployment check asks those that are enabled, in the cluster's order")
    func theDeploymentCheckAsksThoseThatAreEnabledInTheClustersOrder() async throws {
        for name in ["ex1", "ex2", "ex3"] {
            try ScriptedExtension(
                name: name,
                body: """
                    if c["method"] == "deployment_check":
                        open("\(directory("order"))", "a").write("%s %d\\n" % (p["name"], len(p["nodes"])))
                        if p["name"] == "ex1": fail(-32003, "no network")
                    """
            ).install(directory)
        }
        let fleet = try await RunningFleet(directory)
        let id = try await fleet.createCluster("a", extensions: ["ex2", "ex1"])
        let (node, _) = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/\(node)", #"{"cluster": \#(id)}"#)
        let reply = try await fleet.send("POST", "/v1/clusters/\(id)/check")
        #expect(reply["passed"] as? Bool == false)
        let findings = try #require(reply["findings"] as? [[String: Any]])
        #expect(findings.map { $0["extension"] as? String } == ["ex1"])
        #expect(findings.first?["message"] as? String == "no network")
        #expect(try directory.text("order") == "ex2 1\nex1 1\n")
        try await fleet.stop()
    }

    @Test func anEnabledExtensionThatIsNotThereStopsTheCheckBeforeAnybodyIsAsked() async throws {
        let first = try await start("aa", "bb")
        let id = try await first.createCluster("a", extensions: ["aa", "bb"])
        try await first.stop()
        try FileManager.default.removeItem(atPath: directory("plugins/bb.entry_points"))
        try ScriptedExtension(
            name: "aa", body: "if c['method'] == 'deployment_check': note('asked x')"
        ).install(directory)
        let second = try await RunningFleet(directory)
        let reply = try await second.send("POST", "/v1/clusters/\(id)/check")
        #expect(reply["passed"] as? Bool == false)
        #expect((reply["findings"] as? [[String: Any]])?.map { $0["extension"] as? String } == ["bb"])
        #expect(!ScriptedExtension(name: "aa").told(directory).contains("asked"))
        // It can be disabled though it isn't installed.
        #expect(try await second.send("DELETE", "/v1/clusters/\(id)/extensions?extension_names=bb").status == 204)
        #expect(try await second.send("POST", "/v1/clusters/\(id)/check")["passed"] as? Bool == true)
        try await second.stop()
    }

    @Test func oneThatDeclaresNonsenseIsLeftOutAndTheRestGoOn() async throws {
        try ScriptedExtension(name: "noversion", version: "1.0").install(directory)
        try ScriptedExtension(name: "badevent", declares: #"{"events": ["node_explode"]}"#).install(directory)
        try ScriptedExtension(name: "twin").install(directory)
        try directory.write(
            "[plugin]\nversion = 1.0.0\nprotocol = 1\nexec = twin\n[nailgun.extensions]\ntwin = Y\n",
            to: "plugins/other.entry_points")
        let fleet = try await start("good")
        let list = try #require(try await fleet.send("GET", "/v1/extensions").json as? [[String: Any]])
        #expect(list.map { $0["name"] as? String } == ["good"])
        let states = try await fleet.send("GET", "/v1/extension-states")
        let failed = (states["extensions"] as? [[String: Any]] ?? []).filter { $0["state"] as? String == "failed" }
        #expect(failed.map { $0["name"] as? String } == ["badevent", "noversion"])
        #expect(failed.allSatisfy { ($0["reason"] as? String)?.contains("allowed:") == true })
        let problems = try #require(states["problems"] as? [String])
        #expect(problems.count == 1 && problems[0].contains("twin"))
        try await fleet.stop()
    }
}
