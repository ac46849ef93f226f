// SPDX-License-Identifier: Apache-2.0
import ClusterModel

/// Two nodes of 8 processors, 16,384 MiB and 100 GiB, over-committed twice in processors; three instances on the
/// first of 2, 4 and 1 processors.
enum SmallCluster {
    static func node(_ name: String) -> ComputeNode {
        var node = ComputeNode(uuid: "node-\(name)")
        node.hostname = name
        node.vcpus = 8
        node.vcpuRatio = 2
        node.memory = 16384
        node.memoryReserved = 512
        node.disk = 100
        return node
    }

    static func instance(_ name: String, vcpus: Int) -> Instance {
        var instance = Instance(uuid: "vm-\(name)")
        instance.name = name
        instance.vcpus = vcpus
        instance.memory = vcpus * 1024
        instance.disk = vcpus * 10
        return instance
    }

    static var model: ModelRoot {
        var model = ModelRoot()
        let first = model.add(node("a"))
        model.add(node("b"))
        for (name, vcpus) in [("x", 2), ("y", 4), ("z", 1)] {
            model.map(model.add(instance(name, vcpus: vcpus)), to: first)
        }
        return model
    }
}
