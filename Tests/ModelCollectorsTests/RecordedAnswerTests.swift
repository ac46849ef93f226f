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

    /// A real Nova's, of three hosts: instances booted, resized, migrated cold and live, shelved, deleted.
    @Test func theLivesOfInstancesAreFollowedByNotificationsAlone() async throws {
        var start = ModelRoot()
        for host in ["cn1", "cn2", "cn3"] {
            var node = ComputeNode(uuid: host)
            node.hostname = host
            node.disabledReason = .null
            start.add(node)
        }
        var model: any Model = start
        var told: [String] = []
        let endpoints = ReplayEndpoints.all(for: model)
        for notification in try RecordedAnswers.notifications(ofKind: "versioned") {
            let changed = try await endpoints.apply(notification, to: model)
            told += ModelDifference.lines(from: model, to: changed)
            model = changed
        }
        let end = try #require(model as? ModelRoot)
        let places = end.allInstances.map { "\($0.name ?? "") \($0.host ?? "")" }
        #expect(places.sorted() == ["vm1 cn1", "vm2 cn3", "vm3 cn3"])
        for line in [
            "instance walker: state active -> paused", "instance walker: moved from cn1 to cn2",
            "node cn3: status enabled -> disabled, disabled_reason null -> lab", "instance walker: gone",
        ] {
            #expect(told.contains(line))
        }
    }
}

enum RecordedAnswers {
    private static let cases = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/cases")
    static let folder = cases.appending(path: "openstack")

    /// In the order in which they came.
    static func notifications(ofKind kind: String) throws -> [ClusterModel.Notification] {
        let folder = cases.appending(path: "notifications")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("-\(kind)-") }
        return try names.sorted().flatMap { name in
            try NotificationFile.read(
                String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self))
        }
    }

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: Data(contentsOf: folder.appending(path: name)), as: UTF8.self))
    }

    static func list(_ name: String, _ key: String) throws -> [JSONValue] { try json(name)[key]?.array ?? [] }
}
