// SPDX-License-Identifier: Apache-2.0
import CentralPollsters
import Foundation
import JSONText
import OpenStack
import Settings
import Telemetry
import TestSupport
import Testing

/// Central pollsters before real services, against what the seeds made.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")))
struct CentralPollsterTests {
    private let plugins: CentralPlugins

    init() async throws {
        try await ServicesLab.shared.up("swift", "cinder")
        try await ServicesLab.shared.seed("keystone", "swift", "cinder")
        let settings = try CentralSettings(Configuration(documents: [], environment: [:]))
        plugins = CentralPlugins(
            settings, session: try await CloudLab.session(), isService: true, log: LogMemory().logger)
    }

    private func cycle() -> PollingCycle { PollingCycle(number: 1, deadline: .now + .seconds(60), meters: []) }

    private func discover(_ name: String) async throws -> [Resource] {
        let found = try #require(plugins.discoveries.first { $0.name == name })
        return try await found.discovery.discover(nil, in: cycle())
    }

    private func poll(_ name: String) async throws -> [Sample] {
        let found = try #require(plugins.pollsters.first { $0.name == name })
        let resources = try await discover(found.defaultDiscovery ?? "")
        return try await found.make().poll(resources, meters: Set(found.meters.map(\.name)), in: cycle())
    }

    @Test func everyProjectIsFound() async throws {
        let seeded = try CloudLab.facts()["keystone.projects"]?.entries ?? []
        let found = try await discover("tenant")
        #expect(!seeded.isEmpty)
        for project in seeded {
            let resource = found.first { .string($0.id) == project.value }
            #expect(resource?.metadata["name"] == .string(project.key))
            #expect(resource?.metadata["enabled"] == .bool(project.key != "closed"))
        }
    }

    @Test func accountsHoldWhatWasPutThere() async throws {
        let seeded = try CloudLab.facts()["swift.accounts"]?.entries ?? []
        #expect(!seeded.isEmpty)
        // Sums reach an account some seconds after its objects.
        let deadline = MonotonicTime.now + .seconds(60)
        while true {
            let samples = try await poll("swift")
            let wrong = try seeded.filter { account in
                func volume(_ meter: String) -> Volume? {
                    samples.first { $0.name == meter && $0.resourceID == account.key }?.volume
                }
                let objects = try account.value.integer("objects")
                let (bytes, count) = (try account.value.integer("bytes"), try account.value.integer("containers"))
                let containers = samples.filter {
                    $0.name == "storage.containers.objects" && $0.projectID == account.key
                }
                return volume("storage.objects") != Volume(objects)
                    || volume("storage.objects.size") != Volume(bytes)
                    || volume("storage.objects.containers") != Volume(count)
                    || containers.map { Int($0.volume.doubleValue) }.reduce(0, +) != objects
            }
            if wrong.isEmpty { break }
            try #require(MonotonicTime.now < deadline, "\(wrong)")
            try await Task.sleep(for: .seconds(1))
        }
    }

    @Test func poolsAndVolumesAreWhatCinderTells() async throws {
        let session = try await CloudLab.session()
        let told = try await session.answer(
            to: ServiceRequest("block-storage", "scheduler-stats/get_pools", query: ["detail": "True"])
        ).json()
        let capabilities = try #require(told["pools"]?.items.first?["capabilities"])
        let samples = try await poll("volume_pools")
        let total = samples.first { $0.name == "volume.provider.pool.capacity.total" }
        #expect(total?.volume == (try capabilities.volume("total_capacity_gb")))
        let volumes = try CloudLab.facts()["cinder"]?["volumes"]?.entries ?? []
        #expect(!volumes.isEmpty)
        let found = Dictionary(try await discover("volumes").map { ($0.id, $0) }) { $1 }
        for volume in volumes {
            #expect(found[volume.key]?.metadata["size"] == (try Metadata([volume])[volume.key]))
            #expect(found[volume.key]?.projectID?.isEmpty == false)
        }
    }
}
