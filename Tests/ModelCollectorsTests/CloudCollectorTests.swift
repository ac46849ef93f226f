// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Synchronization
import Testing

/// Collectors over answers that real services gave, recorded beside the project.
@Suite(.enabled(if: RecordedAnswers.areThere, "there are no recorded answers beside the project"))
struct CloudCollectorTests {
    @Test func theComputeModelIsWhatNovaAndPlacementTellPageAfterPage() async throws {
        let skipped = Mutex<[String]>([])
        let collector = NovaCollector(api: RecordedCloud()) { text in skipped.withLock { $0.append(text) } }
        let model = try #require(try await collector.execute() as? ModelRoot)
        #expect(skipped.withLock { $0 } == [])
        #expect(model.allNodes.compactMap(\.hostname).sorted() == ["cn1", "cn2", "cn3"])
        let servers = try RecordedAnswers.list("nova-servers-detail.json", "servers")
        #expect(
            Set(model.allInstances.map(\.uuid))
                == Set(servers.filter { $0["OS-EXT-SRV-ATTR:host"]?.string != nil }.compactMap { $0["id"]?.string }))
        // What Placement says goes before Nova's own figures, for each node.
        #expect(try model.node(hostname: "cn2").vcpuRatio == 16)
    }

    @Test func aNodeThatPlacementDoesNotAnswerForHasNovasOwnFiguresAndIsNamed() async throws {
        let skipped = Mutex<[String]>([])
        var cloud = RecordedCloud()
        cloud.unanswered = "resource_providers"
        let collector = NovaCollector(api: cloud) { text in skipped.withLock { $0.append(text) } }
        let model = try #require(try await collector.execute() as? ModelRoot)
        #expect(try model.node(hostname: "cn1").vcpuRatio == 1)
        #expect(skipped.withLock { $0.count } == 3 && skipped.withLock { $0.first }?.contains("Placement") == true)
    }

    @Test func whereNovaDoesNotAnswerThereIsNoModel() async {
        var cloud = RecordedCloud()
        cloud.unanswered = "servers/detail"
        await #expect(throws: RecordedCloud.NoAnswer.self) { try await NovaCollector(api: cloud) { _ in }.execute() }
    }

    @Test func aHostThatANotificationNamesIsAskedFor() async throws {
        let collector = NovaCollector(api: RecordedCloud()) { Issue.record("skipped: \($0)") }
        var model: any Model = ModelRoot()
        for notification in try RecordedAnswers.notifications(ofKind: "versioned").prefix(20) {
            for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
            }
        }
        let root = try #require(model as? ModelRoot)
        let vm1 = try #require(root.allInstances.first { $0.name == "vm1" })
        #expect(try root.node(ofInstance: vm1.uuid).hostname == "cn1")
        #expect(try root.node(hostname: "cn1").memoryRatio == 1.5)
    }

    @Test func aggregatesAndZonesOfAScopeAreAskedFor() async throws {
        let collector = NovaCollector(api: RecordedCloud()) { _ in }
        let model = try await collector.execute()
        func hosts(_ rule: JSONValue) async throws -> Set<String> {
            let narrowed = try await collector.narrow(model, to: [["compute": [rule]]], heedsMetadata: false)
            return Set((narrowed.model as? ModelRoot)?.allNodes.compactMap(\.hostname) ?? [])
        }
        #expect(try await hosts(["availability_zones": [["name": "nova"]]]) == ["cn1", "cn2", "cn3"])
        #expect(try await hosts(["availability_zones": [["name": "elsewhere"]]]) == [])
        // The one that there is has no hosts.
        #expect(try await hosts(["host_aggregates": [["name": "*"]]]) == [])
    }

    @Test func theStorageModelIsWhatCinderTells() async throws {
        let collector = CinderCollector(api: RecordedCloud())
        let model = try #require(try await collector.execute() as? StorageModelRoot)
        #expect(model.allPools.map(\.name) == ["cinder1@lab#pool1"])
        #expect(try model.node(ofPool: "cinder1@lab#pool1").zone == "nova")
        #expect(model.allVolumes.count == (try RecordedAnswers.list("cinder-volumes-detail.json", "volumes").count))
        let zones: JSONValue = [["storage": [["availability_zones": [["name": "nova"]]]]]]
        let narrowed = try await collector.narrow(model, to: zones, heedsMetadata: false).model as? StorageModelRoot
        #expect(narrowed?.allPools.count == 1)
    }

    @Test func volumesAreFollowedByNotificationsAlone() async throws {
        let collector = CinderCollector(api: RecordedCloud())
        var model: any Model = StorageModelRoot()
        var states: [String] = []
        for notification in try RecordedAnswers.notifications(ofKind: "notifications") {
            for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
                states.append(notification.eventType ?? "")
            }
        }
        #expect(states.contains("volume.create.end") && states.contains("volume.delete.end"))
        let root = try #require(model as? StorageModelRoot)
        #expect(root.allPools.map(\.name) == ["cinder1@lab#pool1"])
        #expect(!root.allVolumes.isEmpty)
    }
}

/// Answers that were recorded, by path; of the list of servers two pages.
private struct RecordedCloud: CloudAPI {
    struct NoAnswer: Error {
        var request: CloudRequest
    }

    /// A path that has this in it gets no answer.
    var unanswered: String?

    func get(_ request: CloudRequest) async throws -> JSONValue {
        if let unanswered, request.path.contains(unanswered) { throw NoAnswer(request: request) }
        let marker = request.query.first { $0.name == "marker" }?.value
        switch request.path {
        case "os-hypervisors/detail": return try RecordedAnswers.json("nova-hypervisors-detail-2.87.json")
        case "os-aggregates": return try RecordedAnswers.json("nova-aggregates.json")
        case "os-services" where request.service == .compute:
            return try RecordedAnswers.json("nova-services.json")
        case "os-services": return try RecordedAnswers.json("cinder-services.json")
        case "scheduler-stats/get_pools": return try RecordedAnswers.json("cinder-pools-detail.json")
        case "volumes/detail": return try RecordedAnswers.json("cinder-volumes-detail.json")
        case "types": return ["volume_types": []]
        case "servers/detail":
            guard let marker else { return try RecordedAnswers.json("nova-servers-detail-page1.json") }
            let rest = try RecordedAnswers.list("nova-servers-detail.json", "servers").drop {
                $0["id"] != .string(marker)
            }
            return ["servers": .array(Array(rest.dropFirst()))]
        default:
            let hypervisors = try RecordedAnswers.list("nova-hypervisors-detail-2.87.json", "hypervisors")
            for hypervisor in hypervisors
            where request.path == "resource_providers/\(hypervisor["id"]?.string ?? "")/inventories" {
                let name = hypervisor["hypervisor_hostname"]?.string ?? ""
                return try RecordedAnswers.json("placement-\(name)-inventories.json")
            }
            throw NoAnswer(request: request)
        }
    }
}
