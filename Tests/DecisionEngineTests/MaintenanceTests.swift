// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization
import Testing

@Suite struct MaintenanceTests {
    private var cluster = Cluster(["a": ["a1", "a2"], "b": [], "c": []])

    @Test mutating func aNodeIsEmptiedForMaintenance() async throws {
        try cluster.change("a2") { $0.state = .stopped }
        try cluster.change(node: "b") { $0.status = .disabled }
        let solution = try await cluster.solve(
            HostMaintenance(), ["maintenance_node": "a", "backup_node": "b"])
        #expect(solution.lines == ["enabled b", "disabled a", "live a1: a -> b", "cold a2: a -> b"])
    }

    @Test func withoutAnyMigrationRunningInstancesAreStopped() async throws {
        let solution = try await cluster.solve(
            HostMaintenance(),
            ["maintenance_node": "a", "disable_live_migration": true, "disable_cold_migration": true])
        #expect(solution.lines == ["disabled a", "stop a1", "stop a2"])
    }

    @Test mutating func aBackupNodeWithoutRoomIsPassedOver() async throws {
        try cluster.change(node: "b") { $0.memory = 4095 }
        let solution = try await cluster.solve(HostMaintenance(), ["maintenance_node": "a", "backup_node": "b"])
        #expect(solution.lines == ["disabled a", "live a1: a -> ", "live a2: a -> "])
    }

    @Test func anUnknownNodeIsNamed() async throws {
        await #expect(throws: ModelError.computeNodeNotFound("d")) {
            try await cluster.solve(HostMaintenance(), ["maintenance_node": "d"])
        }
    }

    @Test func zonesAreEmptiedAFewInstancesAtATime() async throws {
        var storage = StorageModelRoot()
        storage.add(Pool(name: "h@b#p"))
        for (name, size) in [("v1", 10), ("v2", 20)] {
            var volume = Volume(uuid: name)
            volume.size = size
            volume.volumeType = "slow"
            volume.host = "h@b#p"
            volume.attachments = [.init(serverID: "a2", attachmentID: "x")]
            storage.add(volume)
        }
        let solution = try await cluster.solve(
            ZoneMigration(),
            [
                "compute_nodes": [["src_node": "a", "dst_node": "b"]],
                "storage_pools": [["src_pool": "h@b#p", "dst_type": "fast"]], "parallel_per_pool": 1,
                "with_attached_volume": true, "priority": ["storage": "size"],
            ], with: ["storage": storage])
        #expect(solution.lines == ["retype v2 -> fast", "live a2: a -> b", "live a1: a -> b"])
        #expect(solution.figure("volume_migrate_count") == 2)
        #expect(solution.figure("planned_volume_migrate_count") == 1)
    }

    @Test func emptyMachinesBeyondTheReserveAreSwitchedOff() async throws {
        func machine(_ name: String, _ power: String, _ instances: Int) -> MetalInventory.Machine {
            .init(
                id: "metal-\(name)", hostname: name, powerState: power, runningInstances: instances,
                hypervisorState: "up", isUpWhenOff: false)
        }
        let on = MetalInventory(machines: [machine("a", "on", 2), machine("b", "on", 0), machine("c", "on", 0)])
        let solution = try await cluster.solve(SavingEnergy(), seed: 3, with: ["metal": on])
        #expect(solution.lines == ["off b"] || solution.lines == ["off c"])
        #expect(try await cluster.solve(SavingEnergy(), seed: 3, with: ["metal": on]).lines == solution.lines)
        let off = MetalInventory(machines: [machine("a", "on", 2), machine("b", "off", 0)])
        #expect(try await cluster.solve(SavingEnergy(), with: ["metal": off]).lines == ["on b"])
    }

    @Test func fullPoolsGiveUntypedVolumesToTheEmptiestPool() async throws {
        func pool(_ name: String, free: Double) -> JSONValue {
            [
                "name": .string(name), "pool_name": .string(name), "total_capacity_gb": 100.0,
                "free_capacity_gb": .real(free), "allocated_capacity_gb": 0.0, "max_over_subscription_ratio": 20,
                "volume_backend_name": "x",
            ]
        }
        let volume: JSONValue = [
            "id": "v", "name": "v", "size": 10, "status": "available", "bootable": "false", "volume_type": nil,
            "migration_status": nil, "host": "full",
        ]
        let inventory = try BlockStorageInventory(
            json: [
                "pools": [pool("full", free: 10), pool("half", free: 50), pool("empty", free: 90)],
                "volumes": [volume], "snapshots": [], "volume_types": [],
            ])
        let solution = try await cluster.solve(StorageCapacityBalance(), with: ["block_storage": inventory])
        #expect(solution.lines == ["migrate v -> empty"])
    }

    @Test func aStaleModelIsNoBasisForADecision() async throws {
        var stale = cluster
        stale.model.isStale = true
        await #expect(throws: OptimizationError.modelMissing("compute")) { try await stale.solve(Dummy()) }
    }

    @Test func whatTheDummiesProposeNeedsNoCluster() async throws {
        #expect(try await cluster.solve(Dummy()).actions.map(\.type) == ["nop", "nop", "sleep"])
        #expect(try await cluster.solve(DummyWithResize()).actions.last?.parameters["flavor"] == "x2")
        #expect(try await cluster.solve(DummyWithScorer(), seed: 1).actions.count == 2)
        let actions: JSONValue = [["action_type": "nop", "input_parameters": ["message": "x", "resource_id": "y"]]]
        await #expect(throws: OptimizationError.self) { try await cluster.solve(Actuator(), ["actions": actions]) }
    }
}
