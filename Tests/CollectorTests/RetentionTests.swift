// SPDX-License-Identifier: Apache-2.0
import GRDB
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Collector

@Suite struct RetentionTests {
    private let directory: TemporaryDirectory
    private var path: String { directory("samples.db") }

    init() throws { directory = try TemporaryDirectory() }

    @Test func whatIsPastItsAgeGoes() async throws {
        var limits = SampleStore.Limits()
        limits.age = 86400
        let store = try await OpenStore(path, limits: limits)
        try await store.append([.of("cpu", 1, second: 0), .of("cpu", 2, resource: "vm-2", second: 80_000)])
        await store.store.roll()
        await store.store.expire(now: Sample.day.microseconds + 100_000 * 1_000_000)
        #expect(try await store.volumes() == ["cpu vm-2": [2]])
        #expect(store.expired == 1)
    }

    @Test func theOldestGoWhereTheDatabaseWouldGrowPastItsSize() async throws {
        let log = LogMemory()
        var limits = SampleStore.Limits()
        limits.bytes = 400_000
        limits.age = 1_000_000_000
        let store = try await OpenStore(path, limits: limits, log: log)
        for batch in 0..<40 {
            // Reals without a pattern: about nine bytes a point.
            let samples = (0..<2000).map { (index: Int) -> Sample in
                .of("cpu", .real(.random(in: 0..<1)), second: Double(batch * 2000 + index))
            }
            try await store.append(samples)
            await store.store.roll()
        }
        await store.store.expire(now: Sample.day.microseconds)
        #expect(try await store.store.bytesInUse() <= 400_000)
        let kept = try await store.volumes()["cpu vm-1"]?.count ?? 0
        let gone = store.expired
        #expect(kept + gone == 80_000)
        #expect(kept > 10_000)
        #expect(log.lines.contains { $0.contains("oldest samples were deleted") && $0.contains("samples=\(gone)") })
        // What is left is the newest.
        let first = try await store.store.span(store.store.catalog.withLock { $0.series.all })
        #expect(first.values.allSatisfy { $0.upperBound == Sample.day.microseconds + 79_999_000_000 })
    }

    @Test func roomThatIsFreedGoesBackToTheFileSystem() async throws {
        var limits = SampleStore.Limits()
        limits.age = 86400
        let store = try await OpenStore(path, limits: limits)
        let samples = (0..<50_000).map { (index: Int) -> Sample in
            .of("cpu", .real(.random(in: 0..<1)), second: Double(index) / 10)
        }
        try await store.append(samples)
        await store.store.roll()
        let pages = try await store.store.pool.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
        await store.store.expire(now: Sample.day.microseconds + 200_000 * 1_000_000)
        let left = try await store.store.pool.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
        #expect(left < pages / 4)
    }

    @Test func wordsThatNoSampleUsesAreForgottenAtTheNextStart() async throws {
        var limits = SampleStore.Limits()
        limits.age = 86400
        var store = try await OpenStore(path, limits: limits)
        try await store.append([.of("cpu", 1, second: 0), .of("memory", 2, resource: "vm-2", second: 80_000)])
        await store.store.roll()
        await store.store.expire(now: Sample.day.microseconds + 100_000 * 1_000_000)
        // This one is in the journal only, as is most of a day's end.
        try await store.append([.of("load", 4, resource: "vm-3", second: 90_000, metadata: ["a": "b"])])
        await store.close()
        store = try await OpenStore(path, limits: limits)
        let words = store.store.catalog.withLock { ($0.meters.count, $0.resources.count, $0.series.count) }
        #expect(words == (2, 2, 2))
        try await store.append([.of("cpu", 3, second: 90_000)])
        #expect(try await store.volumes() == ["memory vm-2": [2], "load vm-3": [4], "cpu vm-1": [3]])
        let load = try #require(
            store.store.catalog.withLock { catalog in
                catalog.series.all.first { catalog.series[$0].flatMap { catalog.meters[$0.meter]?.name } == "load" }
            })
        let metadata = try #require(await store.store.latestMetadata([load])[load])
        #expect(try await store.store.metadataTexts([metadata]) == [metadata: "{\"a\":\"b\"}"])
    }
}
