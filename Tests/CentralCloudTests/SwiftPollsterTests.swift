// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

/// What the object store says of each project.
@Suite(.timeLimit(.minutes(5))) struct SwiftPollsterTests {
    private static let account = [
        "X-Account-Object-Count": "5", "X-Account-Bytes-Used": "15000", "X-Account-Container-Count": "2",
    ]
    private static let projects = ["a", "b", "c"].map { Resource(id: $0, projectID: $0) }
    private static let ofAccounts: Set<String> = [
        "storage.objects", "storage.objects.size", "storage.objects.containers",
    ]

    private func cloud(_ answer: @escaping @Sendable (String) -> HTTPSink.Answer?) throws -> StubCloud {
        try StubCloud(services: ["object-store": "/swift/v1/AUTH_of_the_one_who_asks"]) { answer($0.path) }
    }

    @Test func eachProjectsAccountIsAskedForOnceForAllItsMeters() async throws {
        let cloud = try cloud { _ in .init(204, headers: Self.account) }
        let central = try Central(cloud, "reseller_prefix = KEY_")
        let samples = try await central.poll("swift", Self.projects, meters: Self.ofAccounts)
        #expect(cloud.paths.sorted() == ["/swift/v1/KEY_a", "/swift/v1/KEY_b", "/swift/v1/KEY_c"])
        #expect(samples.count == 9)
        #expect(
            samples.filter { $0.resourceID == "a" }.lines == [
                "storage.objects a 5.0 object a", "storage.objects.containers a 2.0 container a",
                "storage.objects.size a 15000.0 B a",
            ])
        #expect(samples.allSatisfy { $0.kind == .gauge && $0.userID == nil && $0.resourceMetadata.isEmpty })
    }

    @Test func containersAreListedPageByPage() async throws {
        let first = #"[{"name": "c 1", "count": 3, "bytes": 7}, {"name": "c2", "count": 0, "bytes": 0}]"#
        let cloud = try cloud { path in .init(200, body: path.contains("marker=c2") ? "[]" : first) }
        let samples = try await Central(cloud).poll(
            "swift", [Self.projects[0]], meters: ["storage.containers.objects", "storage.containers.objects.size"])
        #expect(
            samples.lines == [
                "storage.containers.objects a/c 1 3.0 object a", "storage.containers.objects a/c2 0.0 object a",
                "storage.containers.objects.size a/c 1 7.0 B a", "storage.containers.objects.size a/c2 0.0 B a",
            ])
        #expect(cloud.paths.count == 2)
    }

    @Test func aProjectWithoutAnAccountHasNoSamples() async throws {
        let cloud = try cloud { $0.hasSuffix("_b") ? .init(404) : .init(204, headers: Self.account) }
        let samples = try await Central(cloud).poll("swift", Self.projects, meters: ["storage.objects"])
        #expect(Set(samples.map(\.resourceID)) == ["a", "c"])
    }

    @Test func aProjectThatMayNotBeSeenCostsOnlyItself() async throws {
        let cloud = try cloud { $0.hasSuffix("_b") ? .init(403) : .init(204, headers: Self.account) }
        let error = await #expect(throws: PollsterPermanentError.self) {
            try await Central(cloud).poll("swift", Self.projects, meters: ["storage.objects"])
        }
        #expect(error?.resourceIDs == ["b"] && error?.samples.count == 2)
        #expect(error?.description.contains("check the roles of the user") == true)
    }

    @Test func anAccountThatFailsIsSaidOnceAndCostsOnlyItself() async throws {
        let cloud = try cloud { $0.hasSuffix("_b") ? .init(400, body: "bad") : .init(204, headers: Self.account) }
        let central = try Central(cloud)
        for _ in 0..<2 {
            let samples = try await central.poll("swift", Self.projects, meters: ["storage.objects"])
            #expect(samples.count == 2)
        }
        #expect(central.log.lines.count { $0.hasPrefix("error: accounts of the object store fails") } == 1)
    }

    @Test func aStoreThatNeverAnswersIsLeftAtTheDeadline() async throws {
        let cloud = try cloud { _ in
            Thread.sleep(forTimeInterval: 3)
            return nil
        }
        await #expect(throws: (any Error).self) {
            try await Central(cloud).poll(
                "swift", Self.projects, meters: ["storage.objects"], deadline: .milliseconds(500))
        }
    }

    @Test func aStoreThatIsGoneIsNotAskedForEveryProject() async throws {
        let projects = (0..<500).map { Resource(id: "\($0)", projectID: "\($0)") }
        let cloud = try cloud { _ in nil }
        await #expect(throws: (any Error).self) {
            try await Central(cloud, concurrency: 2).poll("swift", projects, meters: ["storage.objects"])
        }
        #expect(cloud.paths.count < 50)
    }

    @Test func aCloudWithoutAStoreIsNoFailure() async throws {
        let cloud = try StubCloud(services: ["image": ""]) { _ in .init(500) }
        let central = try Central(cloud)
        for _ in 0..<3 { #expect(try await central.poll("swift", Self.projects).isEmpty) }
        #expect(central.log.lines.count { $0.contains("no service object-store") } <= 1)
    }
}
