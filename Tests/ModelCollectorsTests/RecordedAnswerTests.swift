// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import ModelCollectors
import Testing

/// Models of what real services answered, recorded beside the project.
@Suite(.enabled(if: RecordedAnswers.areThere, "there are no recorded answers beside the project"))
struct RecordedAnswerTests {
    @Test func everyHypervisorAndServerOfNovaIsTaken() throws {
        var builder = NovaModelBuilder(isExtended: true)
        let inventories = try RecordedAnswers.json("placement-cn1-inventories.json")["inventories"]
        for hypervisor in try RecordedAnswers.list("nova-hypervisors-detail.json", "hypervisors") {
            let isFirst = hypervisor["hypervisor_hostname"] == "cn1"
            builder.add(hypervisor: hypervisor, inventories: isFirst ? inventories : nil)
        }
        let servers = try RecordedAnswers.list("nova-servers-detail.json", "servers")
        for server in servers { builder.add(server: server) }
        #expect(builder.skipped == [])
        #expect(builder.model.allNodes.compactMap(\.hostname).sorted() == ["cn1", "cn2", "cn3"])
        for server in servers {
            guard let host = server["OS-EXT-SRV-ATTR:host"]?.string, let id = server["id"]?.string else { continue }
            #expect(try builder.model.node(ofInstance: id).hostname == host)
        }
        // 10 processors 16 times over, 8,192 MiB less 512 one and a half times.
        #expect(try builder.model.node(hostname: "cn1").capacity == Capacity(vcpus: 160, memory: 11520, disk: 1028))
    }

    @Test func everyPoolAndVolumeOfCinderIsTaken() throws {
        let volumes = try RecordedAnswers.list("cinder-volumes-detail.json", "volumes")
        let model = try CinderModelBuilder.build(
            services: try RecordedAnswers.list("cinder-services.json", "services"),
            pools: try RecordedAnswers.list("cinder-pools-detail.json", "pools"), types: [], volumes: volumes)
        #expect(model.allNodes.map(\.host) == ["cinder1@lab"])
        #expect(try model.pool(named: "cinder1@lab#pool1").totalCapacity == 1000)
        #expect(try model.node(ofPool: "cinder1@lab#pool1").zone == "nova")
        #expect(model.allVolumes.count == volumes.count)
        #expect(
            model.volumes(in: "cinder1@lab#pool1").count == volumes.count { $0["os-vol-host-attr:host"]?.string != nil }
        )
    }
}

enum RecordedAnswers {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases/openstack")

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self))
    }

    static func list(_ name: String, _ key: String) throws -> [JSONValue] { try json(name)[key]?.array ?? [] }
}
