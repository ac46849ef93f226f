// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Testing

@Suite struct NovaTests {
    private let hypervisor: JSONValue = [
        "id": "n1", "hypervisor_hostname": "cn1.example.org", "hypervisor_type": "QEMU", "state": "up",
        "status": "enabled", "service": ["host": "cn1", "disabled_reason": nil],
    ]
    private let inventories: JSONValue = [
        "VCPU": ["total": 10, "reserved": 1, "allocation_ratio": 16.0],
        "MEMORY_MB": ["total": 8192, "reserved": 512, "allocation_ratio": 1.5],
    ]
    private let server: JSONValue = [
        "id": "i1", "name": "vm", "OS-EXT-STS:vm_state": "active", "OS-EXT-SRV-ATTR:host": "cn1", "image": "",
        "flavor": ["vcpus": 2, "ram": 512, "disk": 20, "ephemeral": 3, "swap": 1025, "extra_specs": ["a": "b"]],
        "tenant_id": "p", "metadata": [:], "created": "2026-11-21T04:40:33Z", "locked": true,
    ]

    @Test func placementSaysWhatANodeHas() throws {
        let node = try ComputeNode(hypervisor: hypervisor, inventories: inventories)
        #expect(node.capacity == Capacity(vcpus: 144, memory: 11520, disk: 0))
        #expect(node.hostname == "cn1" && node.disabledReason == .null && node.disk == nil)
    }

    @Test func anInstanceOfAVolumeTakesNoRootDisk() throws {
        let instance = try Instance(server: server, isExtended: false)
        #expect(instance.demand == Resources(vcpus: 2, memory: 512, disk: 5))
        #expect(instance.isLocked && instance.flavorExtraSpecs == [:])
        #expect(try Instance(server: server, isExtended: true).flavorExtraSpecs == ["a": "b"])
    }

    @Test func whatCannotBeReadIsNamedAndTheRestIsTaken() {
        var builder = NovaModelBuilder()
        builder.add(hypervisor: ["id": "n0", "status": "enabled"], inventories: nil)
        builder.add(hypervisor: hypervisor, inventories: inventories)
        builder.add(server: ["id": "i0"])
        builder.add(server: server)
        #expect(builder.model.nodeCount == 1 && builder.model.instanceCount == 1)
        #expect(
            builder.skipped == [
                "the service of hypervisor n0: host is missing; allowed: a text",
                "server i0: OS-EXT-STS:vm_state is missing; allowed: a text",
            ])
    }

    private func notification(_ type: String, _ data: JSONObject, version: String = "1.5") -> Notification {
        Notification(
            publisherID: "nova-compute:cn1", eventType: type,
            payload: ["nova_object.version": .string(version), "nova_object.data": .object(data)])
    }

    @Test func anUnknownHostIsLookedUpOnce() async throws {
        let node = try ComputeNode(hypervisor: hypervisor, inventories: inventories)
        let endpoint = NovaNotificationEndpoint { $0 == "cn1" ? node : nil }
        let created = notification(
            "instance.create.end",
            ["uuid": "i1", "host": "cn1", "state": "active", "flavor": ["nova_object.data": ["vcpus": 2]]])
        let model = try #require(try await endpoint.info(created, model: ModelRoot()) as? ModelRoot)
        #expect(try model.node(ofInstance: "i1").hostname == "cn1")
        #expect(NovaNotifications().unknownHost(in: created, model) == nil)
    }

    @Test func anInstanceThatIsOnNoHostAnyMoreIsNotInTheModel() throws {
        var builder = NovaModelBuilder()
        builder.add(hypervisor: hypervisor, inventories: inventories)
        builder.add(server: server)
        var model = builder.model
        try NovaNotifications().apply(
            notification("instance.shelve.end", ["uuid": "i1", "host": nil, "state": "shelved"]), to: &model)
        #expect(model.findInstance(uuid: "i1") == nil && model.nodeCount == 1)
    }

    @Test func aStaleModelIsLeftAsItIs() async throws {
        let endpoint = NovaNotificationEndpoint { _ in nil }
        let deleted = notification("instance.delete.end", ["uuid": "i1"])
        let model = try await endpoint.info(deleted, model: ModelRoot(isStale: true))
        #expect(model as? ModelRoot == ModelRoot(isStale: true))
    }
}
