// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Testing

@Suite struct AuditScopeTests {
    private let groups = HostGroups(
        aggregates: [["id": 1, "name": "rack1", "hosts": ["a"]], ["id": 2, "name": "rack2", "hosts": ["b"]]],
        services: [["host": "a", "zone": "east"], ["host": "b", "zone": "west"]])

    /// Nodes a, b and c with an instance each, of projects pa, pb and pc.
    private let model: ModelRoot = {
        var model = ModelRoot()
        for name in ["a", "b", "c"] {
            var node = ComputeNode(uuid: "n\(name)")
            node.hostname = name
            var instance = Instance(uuid: "i\(name)")
            instance.projectID = .text("p\(name)")
            instance.metadata = ["tier": .string(name.uppercased())]
            model.map(model.add(instance), to: model.add(node))
        }
        return model
    }()

    private func hosts(_ scope: JSONValue, heedsMetadata: Bool = false) throws -> String {
        var warnings: [String] = []
        let scoped = try AuditScope(scope).apply(
            to: model, groups: groups, heedsMetadata: heedsMetadata, warnings: &warnings)
        let excluded = scoped.allInstances.filter(\.isExcluded).map(\.uuid)
        return (scoped.allNodes.compactMap(\.hostname) + excluded + warnings).joined(separator: " ")
    }

    @Test func aScopeWithoutRulesIsEverything() throws {
        #expect(try hosts([]) == "a b c")
        #expect(try hosts([["storage": []]]) == "a b c")
    }

    @Test func includingRulesAreAUnion() throws {
        let rules: JSONValue = [["host_aggregates": [["id": 1]]], ["availability_zones": [["name": "west"]]]]
        #expect(try hosts([["compute": rules]]) == "a b")
    }

    @Test func rulesThatFindNothingLeaveNothing() throws {
        #expect(try hosts([["compute": [["host_aggregates": [["name": "nosuch"]]]]]]) == "")
    }

    @Test func excludedInstancesStayAndAreMarked() throws {
        let items: JSONValue = [["instances": [["uuid": "ia"], ["uuid": "iz"]]], ["projects": [["uuid": "pc"]]]]
        #expect(
            try hosts([["compute": [["exclude": items]]]])
                == "a b c ia ic the scope leaves out instance iz, which is on none of its nodes")
    }

    @Test func metadataCountOnlyWhereAStrategyHeedsThem() throws {
        let scope: JSONValue = [["compute": [["exclude": [["instance_metadata": [["tier": "b"]]]]]]]]
        #expect(try hosts(scope, heedsMetadata: true) == "a b c ib")
        #expect(try hosts(scope) == "a b c")
    }

    @Test func aWildcardStandsAlone() throws {
        #expect(try hosts([["compute": [["host_aggregates": [["id": "*"]]]]]]) == "a b")
        for items in [[["id": "*"], ["id": 1]], [["id": "*"], ["name": "rack1"]]] as [JSONValue] {
            #expect(throws: AuditScope.Mistake.wildcardBesideOthers("host_aggregates")) {
                try hosts([["compute": [["host_aggregates": items]]]])
            }
        }
    }

    @Test func whatIsNoScopeIsRefused() {
        #expect(throws: AuditScope.Mistake.self) { try hosts(["compute": []]) }
        #expect(throws: AuditScope.Mistake.self) { try hosts([["compute": [["nodes": []]]]]) }
        #expect(throws: AuditScope.Mistake.self) { try hosts([["compute": 5]]) }
    }

    @Test func storageOutsideIsGoneWithAllInIt() throws {
        var model = StorageModelRoot()
        for (host, type) in [("h@x", "fast"), ("h@y", "slow")] {
            var node = StorageNode(host: host)
            node.volumeTypes = [type]
            model.add(node)
            model.add(Pool(name: "\(host)#p"))
            try model.map(pool: "\(host)#p", to: host)
            model.add(Volume(uuid: "v-\(type)"))
            try model.map(volume: "v-\(type)", to: "\(host)#p")
        }
        func volumes(_ rule: JSONValue) throws -> [String] {
            try AuditScope([["storage": [rule]]]).apply(to: model, services: [["host": "h@x", "zone": "z"]])
                .allVolumes.map(\.uuid)
        }
        #expect(try volumes(["volume_types": [["name": "slow"]]]) == ["v-slow"])
        #expect(try volumes(["availability_zones": [["name": "z"]]]) == ["v-fast"])
        #expect(try volumes(["availability_zones": [["name": "nosuch"]]]) == ["v-fast", "v-slow"])
        #expect(try volumes(["exclude": [["storage_pools": [["name": "h@x#p"]]]]]) == ["v-slow"])
        #expect(throws: ModelError.poolNotFound("q")) {
            try volumes(["exclude": [["storage_pools": [["name": "q"]]]]])
        }
    }
}
