// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import DecisionEngine
import Optimization

/// A cluster made up from a seed. Every choice is uniform over what is listed, unless a share is named.
///
/// - Nodes: 24, 32, 48 or 64 processors, 4 GiB of memory and 62 GiB of disk for each, times one tenth of the
///   instances per node where there are more than ten; ratio of processors 1, 2 or 4, of memory 1 or (30 %) 1.5;
///   0 or 2 processors, 0, 512 or 4,096 MiB, 0 or 10 GiB reserved; 5 % disabled, 3 % down.
/// - Instances: 1, 2, 4 or 8 processors, 512 to 16,384 MiB in powers of two, 0, 1, 5, 10, 20, 40 or 80 GiB; on any
///   node; 88 % active, the others stopped, paused, suspended, resized or in error; 4 % excluded.
/// - Metrics: load of an instance 0 to 100 % twice over (the product of two uniform numbers); memory 10 to 100 % of
///   its flavor; a node's own figures are what its instances use plus up to 10 %; outlet 22 to 45 °C, inlet 18 to
///   32 °C, airflow 200 to 600, power 150 to 500 W; cache 10 to 100 MiB, each period on its own.
/// - Storage: a pool for every ten nodes, of 3,000, 4,000 or 6,000 GiB, and a volume for every two instances, of 1 to
///   100 GiB, in any pool; what is free follows from them, but is at least 1 %.
struct GeneratedCluster {
    var model = ModelRoot()
    var storage = StorageModelRoot()
    var metrics = MetricTable()
    var metal = MetalInventory(machines: [])
    /// As Cinder's API would tell it.
    var blockStorage: JSONValue = .null

    private var random: SeededGenerator

    init(nodes: Int, instances: Int, seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        let size = max(1, instances / max(nodes, 1) / 10)
        for number in 0..<nodes { addNode(number, size) }
        let ids = model.nodeIDs
        for number in 0..<instances { model.map(model.add(instance(number)), to: ids[below(ids.count)]) }
        for id in ids { measure(id) }
        for number in 0..<nodes {
            let node = model[ids[number]]
            metal.machines.append(
                .init(
                    id: uuid(), hostname: node.hostname ?? "", powerState: below(2) == 0 ? "on" : "off",
                    runningInstances: below(4) == 0 ? 3 : 0, hypervisorState: node.state.rawValue, isUpWhenOff: false))
        }
        try addStorage(pools: max(2, nodes / 10), volumes: instances / 2)
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    private mutating func share() -> Double { Double.random(in: 0..<1, using: &random) }
    private mutating func one<Value>(of values: [Value]) -> Value { values[below(values.count)] }
    private mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }

    private mutating func uuid() -> String {
        func hexadecimal(_ digits: Int) -> String {
            String((0..<digits).map { _ in Character(String(below(16), radix: 16)) })
        }
        return [8, 4, 4, 4, 12].map(hexadecimal).joined(separator: "-")
    }

    private mutating func addNode(_ number: Int, _ size: Int) {
        var node = ComputeNode(uuid: uuid())
        let vcpus = one(of: [24, 32, 48, 64]) * size
        node.hostname = "compute-\(number)"
        node.vcpus = vcpus
        node.memory = vcpus * 4096
        node.disk = vcpus * 62
        node.vcpuRatio = one(of: [1.0, 2.0, 4.0])
        node.memoryRatio = share() < 0.3 ? 1.5 : 1.0
        node.diskRatio = 1.0
        node.vcpusReserved = one(of: [0, 2])
        node.memoryReserved = one(of: [0, 512, 4096])
        node.diskReserved = one(of: [0, 10])
        node.disabledReason = .null
        if share() < 0.05 { node.status = .disabled }
        if share() < 0.03 { node.state = .down }
        model.add(node)
    }

    private mutating func instance(_ number: Int) -> Instance {
        var instance = Instance(uuid: uuid())
        instance.name = "vm-\(number)"
        instance.vcpus = one(of: [1, 2, 4, 8])
        instance.memory = 512 << below(6)
        instance.disk = one(of: [0, 1, 5, 10, 20, 40, 80])
        instance.metadata = [:]
        instance.projectID = .text(uuid())
        instance.host = "compute"
        instance.hypervisorHostname = "compute"
        instance.created = CreationTime("2026-02-0\(1 + below(9))T10:00:00Z")
        instance.isExcluded = share() < 0.04
        if share() > 0.88 { instance.state = one(of: [.stopped, .paused, .suspended, .resized, .error]) }
        return instance
    }

    private mutating func measure(_ node: ModelRoot.NodeID) {
        var (cpu, ram) = (0.0, 0.0)
        for id in model.instanceIDs(on: node) {
            model[id].host = model[node].hostname
            let instance = model[id]
            let load = share() * share() * 100
            let memory = Double(instance.memory ?? 0) * number(0.1...1)
            cpu += load / 100 * Double(instance.vcpus ?? 0)
            ram += memory
            metrics.set("instance_cpu_usage", of: instance.uuid, to: load)
            metrics.set("instance_ram_usage", of: instance.uuid, to: memory)
            metrics.set("instance_ram_allocated", of: instance.uuid, to: Double(instance.memory ?? 0))
            metrics.set("instance_root_disk_size", of: instance.uuid, to: Double(instance.disk ?? 0))
            for period in [100.0, 200.0] {
                metrics.set("instance_l3_cache_usage", of: instance.uuid, to: number(10240...102_400), period: period)
            }
        }
        let uuid = model[node].uuid
        let usage = cpu / Double(model[node].vcpus ?? 1) * 100 + number(0...10)
        metrics.set("host_cpu_usage", of: uuid, to: min(usage, 100))
        metrics.set("host_ram_usage", of: uuid, to: ram * 1024 * number(1...1.1))
        metrics.set("host_outlet_temp", of: uuid, to: number(22...45))
        metrics.set("host_inlet_temp", of: uuid, to: number(18...32))
        metrics.set("host_airflow", of: uuid, to: number(200...600))
        metrics.set("host_power", of: uuid, to: number(150...500))
    }

    private mutating func addStorage(pools count: Int, volumes: Int) throws {
        var pools: [(name: String, total: Double, used: Double)] = []
        for number in 0..<count {
            let name = "host\(number)@lvm#pool"
            pools.append((name, one(of: [3000, 4000, 6000]), 0))
            storage.add(StorageNode(host: "host\(number)@lvm"))
            storage.add(Pool(name: name))
            try storage.map(pool: name, to: "host\(number)@lvm")
        }
        var records: [JSONValue] = []
        for number in 0..<volumes {
            let place = below(count)
            let size = 1 + below(100)
            var volume = Volume(uuid: uuid())
            volume.name = "volume-\(number)"
            volume.size = size
            volume.volumeType = "type"
            volume.host = pools[place].name
            pools[place].used += Double(size)
            storage.add(volume)
            try storage.map(volume: volume.uuid, to: pools[place].name)
            records.append([
                "id": .string(volume.uuid), "name": .string("volume-\(number)"), "size": .integer(size),
                "status": .string(one(of: ["available", "in-use"])), "bootable": .bool(below(2) == 0),
                "host": .string(pools[place].name), "migration_status": nil, "volume_type": nil,
            ])
        }
        blockStorage = [
            "pools": .array(
                pools.map { pool in
                    [
                        "name": .string(pool.name), "pool_name": "pool", "total_capacity_gb": .real(pool.total),
                        "free_capacity_gb": .real(max(pool.total / 100, pool.total - pool.used)),
                        "allocated_capacity_gb": .real(min(pool.used, pool.total)),
                        "max_over_subscription_ratio": 20, "volume_backend_name": "lvm",
                    ]
                }),
            "volumes": .array(records), "snapshots": [], "volume_types": [],
        ]
    }
}
