// SPDX-License-Identifier: Apache-2.0
import Audits
import CloudModels
import ClusterModel
import Foundation
import ModelCollectors
import OpenStack
import TestSupport
import Testing

/// Models of real services.
@Suite(
    .serialized, .timeLimit(.minutes(15)),
    .enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")))
struct CloudModelTests {
    private let session: CloudSession

    init() async throws {
        try await ServicesLab.shared.up("nova", "cinder")
        try await ServicesLab.shared.seed("nova", "cinder")
        session = try await CloudLab.session()
    }

    private func get(_ service: String, _ path: String, version: String? = nil) async throws -> JSONValue {
        let answer = try await session.answer(to: ServiceRequest(service, path, microversion: version))
        return try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))
    }

    @Test func theModelEqualsWhatNovaAndPlacementSay() async throws {
        let collector = NovaCollector(api: CloudDocuments(session: session)) { Issue.record("skipped: \($0)") }
        let model = try #require(try await collector.execute() as? ModelRoot)
        let servers = try await get("compute", "servers/detail?all_tenants=1", version: "2.47")["servers"]?.array
        let placed = (servers ?? []).filter { $0["OS-EXT-SRV-ATTR:host"]?.string != nil }
        #expect(!placed.isEmpty && model.instanceCount == placed.count)
        for server in placed {
            let id = server["id"]?.string ?? ""
            #expect(try model.node(ofInstance: id).hostname == server["OS-EXT-SRV-ATTR:host"]?.string)
            #expect(try model.instance(uuid: id).state.rawValue == server["OS-EXT-STS:vm_state"]?.string)
        }
        for node in model.allNodes {
            let all = try await get("placement", "resource_providers/\(node.uuid)/inventories")["inventories"]
            let vcpus = try #require(all?["VCPU"])
            #expect(node.vcpus == vcpus["total"]?.integer && node.vcpuRatio == vcpus["allocation_ratio"]?.number)
            let used = try await get("placement", "resource_providers/\(node.uuid)/usages")["usages"]
            #expect(model.used(of: try model.nodeID(uuid: node.uuid)).vcpus == used?["VCPU"]?.integer)
        }
    }

    @Test func smallPagesGiveTheSame() async throws {
        let whole = try await NovaCollector(api: CloudDocuments(session: session)) { _ in }.execute() as? ModelRoot
        let paged = try await NovaCollector(api: SmallPages(session: session)) { _ in }.execute() as? ModelRoot
        #expect(whole?.isIsomorphic(to: try #require(paged)) == true)
    }

    @Test func theStorageModelIsWhatCinderTells() async throws {
        let model = try #require(
            try await CinderCollector(api: SmallPages(session: session)).execute() as? StorageModelRoot)
        let volumes = try await get("block-storage", "volumes/detail?all_tenants=1")["volumes"]?.array ?? []
        #expect(!volumes.isEmpty && model.allVolumes.count == volumes.count)
        #expect(!model.allPools.isEmpty && model.allPools.allSatisfy { $0.totalCapacity ?? 0 > 0 })
        for volume in volumes where volume["os-vol-host-attr:host"]?.string != nil {
            let pool = try model.pool(ofVolume: volume["id"]?.string ?? "")
            #expect(pool.name == volume["os-vol-host-attr:host"]?.string)
        }
    }

    @Test func hostsOfZonesAreAskedFor() async throws {
        let collector = NovaCollector(api: CloudDocuments(session: session)) { _ in }
        let model = try #require(try await collector.execute() as? ModelRoot)
        let zones: JSONValue = [["compute": [["availability_zones": [["name": "nova"]]]]]]
        let narrowed = try await collector.narrow(model, to: zones, heedsMetadata: false).model as? ModelRoot
        #expect(narrowed?.nodeCount == model.nodeCount)
    }

    @Test func aModelWhoseNovaIsGoneIsStaleAndSaidSoAndHeals() async throws {
        let nova = try #require(URL(string: try await session.endpoint(of: "compute") ?? ""))
        let forwarder = try await Forwarder(to: try #require(nova.port))
        var credentials = try await CloudLab.credentials()
        credentials.endpoints = ["compute": "http://127.0.0.1:\(forwarder.port)\(nova.path)"]
        let api = CloudDocuments(session: CloudSession(credentials))
        let log = LogMemory()
        let manager = CollectorManager(
            [CollectorRegistration("compute", kind: "compute", NovaCollector(api: api) { _ in }, period: 1)],
            scopes: GivenGroups(), log: log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await manager.run() }
            defer { group.cancelAll() }
            _ = try await manager.model("compute")
            forwarder.end()
            try await Self.wait { await manager.statuses[0].staleSince != nil }
            let error = await #expect(throws: ModelUnavailable.self) { try await manager.model("compute") }
            #expect(error?.description.contains("the model compute is stale since") == true)
            #expect(error?.description.contains("http://127.0.0.1:\(forwarder.port)\(nova.path)/") == true)
            #expect(log.lines.count { $0.contains("the model is stale") } == 1)
            let again = try await Forwarder(port: forwarder.port, to: try #require(nova.port))
            defer { again.end() }
            try await Self.wait { await manager.statuses[0].staleSince == nil }
            #expect(try await manager.model("compute").model is ModelRoot)
            #expect(log.lines.count { $0.contains("the model is up to date again") } == 1)
        }
    }

    @Test func theCommandShowsIt() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("", to: "empty.conf")
        let environment = try await ServicesLab.shared.environment().filter { $0.key.hasPrefix("OS_") }
        let (status, output, error) = try await onThread {
            try Shell.run(
                Bundle.main.bundleURL.appending(path: "hypsometer").path,
                ["model", "show", "compute", "--config-file", file, "--format", "json"],
                environment: environment)
        }
        #expect(status == 0, "\(error)")
        let model = try ModelRoot(json: try JSONValue(parsing: output))
        #expect(model.allNodes.map(\.hostname).contains("cn1") && model.instanceCount > 0)
    }

    private static func wait(_ condition: () async -> Bool) async throws {
        for _ in 0..<600 {
            if await condition() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("it did not come to that in a minute")
    }
}

/// Asks for one item a page.
private struct SmallPages: CloudAPI {
    let session: CloudSession

    func get(_ request: CloudRequest) async throws -> JSONValue {
        var request = request
        for index in request.query.indices where request.query[index].name == "limit" {
            request.query[index].value = "1"
        }
        return try await CloudDocuments(session: session).get(request)
    }
}
