// SPDX-License-Identifier: Apache-2.0
import FleetExtensions
import Foundation
import TestSupport
import Testing

@testable import Fleet

/// Cases of Nailgun's own tests, by their numbers in `../shared/spec/nailgun.md`, that no other suite has; and what its
/// tests leave out.
@Suite(.timeLimit(.minutes(5))) struct NailgunCaseTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func start(_ names: [String], enabled: [String] = []) async throws -> (fleet: RunningFleet, path: String) {
        for name in names { try ScriptedExtension(name: name).install(directory) }
        let fleet = try await RunningFleet(directory)
        let id = try await fleet.createCluster("a", extensions: enabled)
        return (fleet, "/v1/clusters/\(id)/extensions")
    }

    private static let three = ["volume_manager", "bareon", "ultralogger"]

    @Test("T10: what is installed can be enabled, and the one that isn't is named") func enabling() async throws {
        let (fleet, path) = try await start(Self.three)
        let wrong = try await fleet.send("PUT", path, #"["volume_manager", "baleron"]"#)
        #expect((wrong.status, wrong["detail"] as? String) == (400, "No such extensions: baleron"))
        let right = try await fleet.send("PUT", path, #"["volume_manager", "bareon", "ultralogger"]"#)
        #expect((right.status, right.json as? [String]) == (200, Self.three))
        try await fleet.stop()
    }

    @Test("T11: what is enabled can be disabled, and the one that isn't is named") func disabling() async throws {
        let (fleet, path) = try await start(Self.three, enabled: Self.three)
        let wrong = try await fleet.send("DELETE", "\(path)?extension_names=volume_manager,invalid")
        #expect((wrong.status, wrong["detail"] as? String) == (400, "No such extensions to disable: invalid"))
        #expect(try await fleet.send("GET", path).json as? [String] == Self.three)
        #expect(try await fleet.send("DELETE", "\(path)?extension_names=").status == 400)
        #expect(try await fleet.send("DELETE", "\(path)?extension_names=volume_manager,bareon").status == 204)
        #expect(try await fleet.send("GET", path).json as? [String] == ["ultralogger"])
        try await fleet.stop()
    }

    @Test(
        "A1: a silent node is online within its time, offline after it, and never while it is being provisioned",
        arguments: [("discover", 3600, true), ("discover", 0, false), ("provisioning", 0, true)])
    func sweeping(status: String, seconds: Int, isOnline: Bool) async throws {
        let inventory = try await Inventory.open(directory("fleet.db"))
        struct Nobody: ChangeReviewer {
            func review(_ proposed: [FleetEvent], origin: String?) async throws {}
        }
        let operations = FleetOperations(inventory: inventory, reviewer: Nobody())
        let watch = NodeWatch(
            inventory: inventory, operations: operations, heartbeats: Heartbeats(),
            offlineAfter: { .seconds(seconds) })
        let node = FleetNode(
            mac: RunningFleet.mac(1), name: "c1", status: try #require(NodeStatus(rawValue: status)))
        let id = try #require(try await operations.register(node, key: nil, as: .service).node.id)
        try await watch.begin()
        try await watch.sweep()
        #expect(try await inventory.read { try NodeRows.find(id, $0).isOnline } == isOnline)
        try inventory.close()
    }

    @Test func aClusterWithoutNodesGoesWithoutAnEventOfNodes() async throws {
        let (fleet, path) = try await start([])
        #expect(try await fleet.send("DELETE", String(path.dropLast("/extensions".count))).status == 204)
        #expect(try await fleet.kinds == ["cluster_create", "cluster_delete"])
        try await fleet.stop()
    }

    @Test func anExtensionIsToldOfWhatItWantsAlone() async throws {
        let picky = ScriptedExtension(name: "picky", declares: #"{"events": ["node_delete"]}"#)
        try picky.install(directory)
        let fleet = try await RunningFleet(directory)
        for number in 1...2 { _ = try await fleet.register(number) }
        _ = try await fleet.send("PUT", "/v1/nodes/1", #"{"name": "a"}"#)
        _ = try await fleet.send("DELETE", "/v1/nodes?ids=1,2")
        let isTold = try await fleet.wait {
            try await fleet.send("GET", "/v1/extensions/picky")["pending_events"] as? Int == 0
        }
        #expect(isTold)
        #expect(picky.told(directory) == ["node_delete", "node_delete"])
        try await fleet.stop()
    }

    @Test func whatWasTakenAwayLeavesItsTablesUntilTheyArePurged() async throws {
        let table = #"{"migrations": [{"id": "1", "up": ["CREATE TABLE ext_gone__a (n INTEGER)"]}]}"#
        try ScriptedExtension(name: "gone", declares: table).install(directory)
        let first = try await RunningFleet(directory)
        let id = try await first.createCluster("a", extensions: ["gone"])
        try await first.stop()
        try FileManager.default.removeItem(atPath: directory("plugins/gone.entry_points"))
        let second = try await RunningFleet(directory)
        #expect(try await second.send("GET", "/v1/clusters/\(id)/extensions").json as? [String] == ["gone"])
        let purged = try await second.send("POST", "/v1/extensions/gone/database", #"{"action": "purge"}"#)
        #expect(purged["purged_tables"] as? Int == 2)
        let states = try await second.send("GET", "/v1/extension-states")
        #expect((states["extensions"] as? [Any])?.isEmpty == true)
        try await second.stop()
    }
}
