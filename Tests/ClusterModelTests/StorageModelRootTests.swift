// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@Suite struct StorageModelRootTests {
    private var model: StorageModelRoot

    init() throws {
        model = StorageModelRoot()
        model.add(StorageNode(host: "h@lvm"))
        for name in ["h@lvm#p", "h@lvm#q"] {
            model.add(Pool(name: name))
            try model.map(pool: name, to: "h@lvm")
        }
        for uuid in ["v1", "v2"] {
            model.add(Volume(uuid: uuid))
            try model.map(volume: uuid, to: "h@lvm#p")
        }
    }

    @Test func aNodeIsFoundByThePoolOnIt() throws {
        #expect(try model.node(named: "h@lvm#q").host == "h@lvm")
        #expect(try model.node(ofPool: "h@lvm#q").host == "h@lvm")
        #expect(Pool(name: "h@lvm#q").nodeName == "h@lvm")
    }

    @Test mutating func aVolumeIsInOnePool() throws {
        try model.map(volume: "v1", to: "h@lvm#q")
        #expect(model.volumes(in: "h@lvm#p").map(\.uuid) == ["v2"])
        #expect(try model.pool(ofVolume: "v1").name == "h@lvm#q")
    }

    @Test mutating func removingAPoolLeavesItsVolumes() throws {
        try model.removePool(name: "h@lvm#p")
        #expect(model.unmappedVolumes.map(\.uuid) == ["v1", "v2"])
        #expect(throws: ModelError.poolNotFound("h@lvm#p")) { try model.pool(named: "h@lvm#p") }
        #expect(throws: ModelError.volumeNotMapped("v1")) { try model.pool(ofVolume: "v1") }
    }

    @Test mutating func removingANodeLeavesItsPools() throws {
        try model.removeNode(host: "h@lvm")
        #expect(model.unmappedPools.map(\.name) == ["h@lvm#p", "h@lvm#q"])
        #expect(throws: ModelError.storageNodeNotFound("h@lvm")) { try model.node(named: "h@lvm") }
    }

    @Test mutating func jsonTellsAll() throws {
        var volume = Volume(uuid: "v2")
        volume.attachments = [.init(serverID: "s", attachmentID: "a")]
        volume.snapshotID = Nullable(notEmpty: "")
        volume.isMultiattach = false
        model.add(volume)
        try model.map(volume: "v1", to: "h@lvm#q")
        #expect(try StorageModelRoot(json: try JSONValue(parsing: model.text)) == model)
    }

    @Test func machinesAreFoundByTheirUUID() throws {
        var model = BaremetalModelRoot()
        var node = IronicNode(uuid: "m1")
        node.isInMaintenance = false
        node.extra = ["compute_node_id": "7"]
        model.add(node)
        #expect(try BaremetalModelRoot(json: try JSONValue(parsing: model.text)) == model)
        #expect(try model.node(uuid: "m1") == node)
        #expect(throws: ModelError.ironicNodeNotFound("m2")) { try model.removeNode(uuid: "m2") }
    }
}
