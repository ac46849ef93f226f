// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@Suite struct ModelRootTests {
    private var model = SmallCluster.model

    private func names(on node: String) throws -> [String?] {
        model.instances(on: try model.nodeID(hostname: node)).map(\.name)
    }

    @Test func aNodesInstancesAreInTheOrderInWhichTheyCame() throws {
        #expect(try names(on: "a") == ["x", "y", "z"])
    }

    @Test mutating func whoIsMovedGoesToTheEnd() throws {
        let (a, b) = (try model.nodeID(hostname: "a"), try model.nodeID(hostname: "b"))
        let x = try model.instanceID(uuid: "vm-x")
        #expect(try model.migrate(x, from: a, to: b))
        #expect(try model.migrate(x, from: b, to: a))
        #expect(try names(on: "a") == ["y", "z", "x"])
    }

    @Test mutating func mappingToTheSameNodeChangesNothing() throws {
        try model.map(instance: "vm-x", to: "node-a")
        #expect(model == SmallCluster.model)
    }

    @Test func usedAndFreeAreSumsAndDifferences() throws {
        let a = try model.nodeID(hostname: "a")
        #expect(model.used(of: a) == Resources(vcpus: 7, memory: 7168, disk: 70))
        #expect(model.free(of: a) == Capacity(vcpus: 9, memory: 8704, disk: 30))
    }

    @Test mutating func usedFollowsEveryChange() throws {
        let (a, b) = (try model.nodeID(hostname: "a"), try model.nodeID(hostname: "b"))
        let y = try model.instanceID(uuid: "vm-y")
        try model.migrate(y, from: a, to: b)
        model[y].vcpus = 6
        try model.removeInstance(uuid: "vm-x")
        model.unmap(try model.instanceID(uuid: "vm-z"))
        #expect(model.used(of: a) == Resources())
        #expect(model.used(of: b) == Resources(vcpus: 6, memory: 4096, disk: 40))
    }

    @Test mutating func aCopyStaysAsItWas() throws {
        let copy = model
        try model.removeNode(uuid: "node-a")
        #expect(copy == SmallCluster.model)
        #expect(model.nodeCount == 1)
    }

    @Test mutating func migratingFromWhereItIsNotIsAnError() throws {
        let (a, b) = (try model.nodeID(hostname: "a"), try model.nodeID(hostname: "b"))
        let x = try model.instanceID(uuid: "vm-x")
        #expect(throws: ModelError.instanceNotMapped("vm-x")) { try model.migrate(x, from: b, to: a) }
        #expect(try !model.migrate(x, from: a, to: a))
    }

    @Test mutating func theInstancesOfARemovedNodeStay() throws {
        try model.removeNode(uuid: "node-a")
        #expect(model.instanceCount == 3)
        #expect(throws: ModelError.instanceNotMapped("vm-x")) { try model.node(ofInstance: "vm-x") }
        #expect(throws: ModelError.computeNodeNotFound("a")) { try model.node(hostname: "a") }
    }

    @Test mutating func theFirstOfTwoNodesOfOneNameIsFound() throws {
        var twin = SmallCluster.node("a")
        twin.uuid = "node-a2"
        model.add(twin)
        #expect(try model.node(hostname: "a").uuid == "node-a")
        try model.removeNode(uuid: "node-a")
        #expect(try model.node(hostname: "a").uuid == "node-a2")
    }

    @Test mutating func aRenamedNodeIsFoundByItsNewNameAlone() throws {
        model[try model.nodeID(hostname: "a")].hostname = "c"
        #expect(try model.node(hostname: "c").uuid == "node-a")
        #expect(throws: ModelError.computeNodeNotFound("a")) { try model.node(hostname: "a") }
    }

    /// Months of instances that come and go.
    @Test mutating func ordersAndSumsOutliveManyRemovals() throws {
        for round in 0..<500 {
            let instance = model.add(SmallCluster.instance("t\(round)", vcpus: 1))
            model.map(instance, to: try model.nodeID(hostname: "b"))
            if round >= 2 { try model.removeInstance(uuid: "vm-t\(round - 2)") }
            var node = SmallCluster.node("n\(round)")
            node.vcpus = round
            model.add(node)
            if round >= 1 { try model.removeNode(uuid: "node-n\(round - 1)") }
        }
        #expect(try names(on: "a") == ["x", "y", "z"])
        #expect(try names(on: "b") == ["t498", "t499"])
        #expect(model.used(of: try model.nodeID(hostname: "b")) == Resources(vcpus: 2, memory: 2048, disk: 20))
        #expect(model.allNodes.map(\.hostname) == ["a", "b", "n499"])
        #expect(model.allInstances.map(\.name) == ["x", "y", "z", "t498", "t499"])
    }

    @Test mutating func isomorphicModelsMayDifferInOrder() throws {
        try model.migrate(
            try model.instanceID(uuid: "vm-x"), from: try model.nodeID(hostname: "a"),
            to: try model.nodeID(hostname: "b"))
        #expect(!model.isIsomorphic(to: SmallCluster.model))
        try model.map(instance: "vm-x", to: "node-a")
        #expect(model.isIsomorphic(to: SmallCluster.model))
        #expect(model != SmallCluster.model)
    }

    @Test func jsonTellsAll() throws {
        var model = model
        model.isStale = true
        let y = try model.instanceID(uuid: "vm-y")
        model[y].metadata = ["b": 1, "a": [1.5, nil, "é\n\""]]
        model[y].created = CreationTime("2026-02-09T18:55:13Z")
        model[y].projectID = .null
        model.unmap(try model.instanceID(uuid: "vm-x"))
        #expect(try ModelRoot(json: try JSONValue(parsing: model.text)) == model)
    }

    @Test func aMistakeInAFileIsNamed() throws {
        let json: JSONValue = ["nodes": [["uuid": "n", "vcpus": "many"]], "instances": []]
        #expect {
            try ModelRoot(json: json)
        } throws: { error in
            "\(error)" == "ComputeNode n: vcpus is \"many\"; allowed: a whole number from 0 to 1099511627776"
        }
    }
}
