// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What extensions are asked and told. They are real programs.
@Suite(.timeLimit(.minutes(5))) struct EventTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("T6, O1: every extension is told once of everything, enabled or not")
    func everyExtensionIsToldOnceOfEverythingEnabledOrNot() async throws {
        let (one, two) = (ScriptedExtension(name: "ex1"), ScriptedExtension(name: "ex2"))
        for entry in [one, two] { try entry.install(directory) }
        let fleet = try await RunningFleet(directory)
        let cluster = try await fleet.createCluster("a", extensions: ["ex1"])
        for number in 1...4 { _ = try await fleet.register(number) }
        _ = try await fleet.send(
            "POST", "/v1/clusters/\(cluster)/assignment", #"{"nodes": [1, 2], "roles": ["compute"]}"#)
        _ = try await fleet.send("POST", "/v1/nodes/1/reset")
        _ = try await fleet.send("DELETE", "/v1/nodes?ids=4,3")
        #expect(try await fleet.send("DELETE", "/v1/clusters/\(cluster)").status == 409)
        #expect(try await fleet.send("DELETE", "/v1/clusters/\(cluster)?nodes=delete").status == 204)
        let expected =
            ["cluster_create", "extension_enabled"] + Array(repeating: "node_create", count: 4)
            + ["node_update", "node_update", "node_reset"]
            + ["node_delete", "node_delete", "node_collection_delete"]
            + ["node_delete", "node_delete", "node_collection_delete", "cluster_delete"]
        #expect(try await fleet.kinds == expected)
        let areTold = try await fleet.wait { one.told(directory) == expected && two.told(directory) == expected }
        #expect(areTold)
        #expect(one.ids(directory) == two.ids(directory))
        #expect(Set(one.ids(directory)).count == expected.count)
        #expect(try await fleet.send("GET", "/v1/nodes").text == "{\"nodes\": []}\n")
        try await fleet.stop()
    }

    @Test func aDeletedClusterMayReleaseItsNodes() async throws {
        let fleet = try await RunningFleet(directory)
        let cluster = try await fleet.createCluster("a")
        let (id, _) = try await fleet.register(1)
        _ = try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"cluster": \#(cluster), "roles": ["compute"]}"#)
        let other = try await fleet.createCluster("b")
        #expect(try await fleet.send("PUT", "/v1/nodes/\(id)", #"{"cluster": \#(other)}"#).status == 409)
        #expect(try await fleet.send("DELETE", "/v1/clusters/\(cluster)?nodes=release").status == 204)
        #expect(try await fleet.kinds.suffix(3) == ["remove_node_from_cluster", "node_update", "cluster_delete"])
        let node = try await fleet.send("GET", "/v1/nodes/\(id)")
        #expect(node["cluster"] is NSNull)
        #expect(node["roles"] as? [String] == [])
        try await fleet.stop()
    }

    private static let refusing = """
        if c["method"] == "extension_check" and e["kind"] == "node_delete":
            fail(-32003, "node %d is in rack 3" % e["node"]["before"]["id"])
        """

    @Test func aRefusalKeepsEverythingAsItWas() async throws {
        try ScriptedExtension(
            name: "rack", declares: #"{"checks": ["node_delete"]}"#, body: Self.refusing
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        let (id, _) = try await fleet.register(1)
        let refused = try await fleet.send("DELETE", "/v1/nodes/\(id)")
        #expect(refused.status == 422)
        #expect(refused["extension"] as? String == "rack")
        #expect(refused["event"] as? String == "node_delete")
        #expect((refused["detail"] as? String)?.contains("node 1 is in rack 3") == true)
        #expect(try await fleet.send("GET", "/v1/nodes/\(id)").status == 200)
        #expect(try await fleet.kinds == ["node_create"])
        // Who insists may, and the audit log tells.
        #expect(try await fleet.send("DELETE", "/v1/nodes/\(id)?force=true").status == 204)
        let entries = try #require(try await fleet.send("GET", "/v1/audit")["entries"] as? [[String: Any]])
        #expect(entries.first?["detail"] as? String == "forced")
        #expect(entries.contains { $0["outcome"] as? String == "refused" && $0["subject"] as? String == "node 1" })
        try await fleet.stop()
    }

    /// The second of three fails to answer.
    private func three(_ failure: String) throws -> [ScriptedExtension] {
        let entries = ["aa", "bb", "cc"].map { name in
            ScriptedExtension(
                name: name, declares: #"{"checks": ["node_create"]}"#,
                body: name == "bb" ? "if c['method'] == 'extension_check': \(failure)" : "pass")
        }
        for entry in entries { try entry.install(directory) }
        return entries
    }

    @Test(arguments: ["os._exit(3)", "fail(-32000, 'broken')", "time.sleep(60)", "print('nonsense', flush=True)"])
    func anExtensionThatFailsToAnswerRefusesByItsPolicyAndIsNamed(failure: String) async throws {
        _ = try three(failure)
        let fleet = try await RunningFleet(directory, timeout: ScriptedExtension.timeout(failure), pluginTimeout: 20)
        let body = #"{"mac": "52:54:00:aa:00:01", "status": "discover"}"#
        let refused = try await fleet.send("POST", "/v1/nodes", body)
        #expect(refused.status == 503)
        #expect(refused["extension"] as? String == "bb")
        #expect(try await fleet.kinds == [])
        // The others and the service are well.
        #expect(try await fleet.send("POST", "/v1/clusters", #"{"name": "a"}"#).status == 201)
        try await fleet.stop()
    }

    @Test func whereItsPolicySaysSoItIsPassedOver() async throws {
        let entries = try three("os._exit(3)")
        let fleet = try await RunningFleet(
            directory, "[nailgun.extensions.bb]\nfailure_policy = ignore")
        #expect(try await fleet.register(1).id == 1)
        let areTold = try await fleet.wait { entries.allSatisfy { $0.told(directory) == ["node_create"] } }
        #expect(areTold)
        try await fleet.stop()
    }

    @Test func oneThatKeepsFailingIsSwitchedOffAndToldLater() async throws {
        let broken = ScriptedExtension(
            name: "broken",
            body: """
                if c["method"] == "extension_event" and not os.path.exists("\(directory("mended"))"):
                    fail(-32000, "no disk")
                """)
        let well = ScriptedExtension(name: "well")
        for entry in [broken, well] { try entry.install(directory) }
        let fleet = try await RunningFleet(directory, "extension_failures = 3")
        for number in 1...3 { _ = try await fleet.register(number) }
        let isOff = try await fleet.wait {
            try await fleet.send("GET", "/v1/extensions/broken")["state"] as? String == "off"
        }
        #expect(isOff)
        let state = try await fleet.send("GET", "/v1/extensions/broken")
        #expect((state["reason"] as? String)?.contains("no disk") == true)
        #expect(state["pending_events"] as? Int == 3)
        let isTold = try await fleet.wait { try await fleet.delivered("well") == 3 }
        #expect(isTold && well.told(directory).count == 3)
        // A start anew doesn't switch it on.
        try await fleet.stop()
        let again = try await RunningFleet(directory, "extension_failures = 3")
        #expect(try await again.send("GET", "/v1/extensions/broken")["state"] as? String == "off")
        try directory.write("", to: "mended")
        #expect(try await again.send("PUT", "/v1/extensions/broken/state", #"{"state": "on"}"#).status == 200)
        let isToldLater = try await again.wait { broken.ids(directory) == well.ids(directory) }
        #expect(isToldLater)
        // And once more, with the same ids.
        #expect(try await again.send("POST", "/v1/extensions/broken/replay", #"{"after": 1}"#).status == 200)
        let isToldAnew = try await again.wait {
            broken.ids(directory) == well.ids(directory) + well.ids(directory).suffix(2)
        }
        #expect(isToldAnew)
        try await again.stop()
    }

    /// But for the one under way.
    @Test func whatWasToldBeforeAStopIsNotToldAgain() async throws {
        let slow = ScriptedExtension(name: "slow", body: "if c['method'] == 'extension_event': time.sleep(0.3)")
        try slow.install(directory)
        let fleet = try await RunningFleet(directory)
        for number in 1...5 { _ = try await fleet.register(number) }
        let isMidway = try await fleet.wait { slow.told(directory).count >= 4 }
        #expect(isMidway)
        try await fleet.stop()
        let again = try await RunningFleet(directory)
        let isToldOfAll = try await again.wait { try await again.delivered("slow") == 5 }
        let ids = slow.ids(directory)
        #expect(isToldOfAll && Set(ids).count == 5)
        #expect(ids.count <= 6, "\(ids)")
        try await again.stop()
    }

    @Test func whatHappensWhileAnExtensionIsAwayIsKeptForIt() async throws {
        let entry = ScriptedExtension(name: "away")
        try entry.install(directory)
        let first = try await RunningFleet(directory)
        _ = try await first.register(1)
        // Not only told: what ends before that is noted tells it again.
        let isTold = try await first.wait { try await first.delivered("away") == 1 }
        #expect(isTold)
        try await first.stop()
        for file in ["away", "away.entry_points"] {
            try FileManager.default.moveItem(atPath: directory("plugins/\(file)"), toPath: directory(file))
        }
        let second = try await RunningFleet(directory)
        _ = try await second.register(2)
        let states = try await second.send("GET", "/v1/extension-states")
        #expect((states["extensions"] as? [[String: Any]])?.first?["state"] as? String == "missing")
        try await second.stop()
        for file in ["away", "away.entry_points"] {
            try FileManager.default.moveItem(atPath: directory(file), toPath: directory("plugins/\(file)"))
        }
        let third = try await RunningFleet(directory)
        let isToldOfAll = try await third.wait { entry.told(directory).count == 2 }
        let statesThen = try await third.send("GET", "/v1/extension-states")
        #expect(isToldOfAll, "\(entry.ids(directory)) \(statesThen.text)")
        try await third.stop()
    }
}
