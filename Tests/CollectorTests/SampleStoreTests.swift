// SPDX-License-Identifier: Apache-2.0
import Daemon
import Foundation
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Collector

@Suite struct SampleStoreTests {
    private let directory: TemporaryDirectory
    private var path: String { directory("samples.db") }

    init() throws { directory = try TemporaryDirectory() }

    @Test func whatWasStoredIsReadBack() async throws {
        let store = try await OpenStore(path)
        let receipt = try await store.append([
            .of("cpu_util", 12.5, second: 0), .of("cpu_util", 50, second: 10),
            .of("memory.usage", 128, resource: "vm-2", second: 0),
        ])
        #expect(receipt == .init(stored: 3, duplicates: 0))
        #expect(try await store.volumes() == ["cpu_util vm-1": [12.5, 50], "memory.usage vm-2": [128]])
    }

    @Test func aMessageThatComesTwiceIsKeptOnce() async throws {
        let store = try await OpenStore(path)
        let samples = [Sample.of("cpu", 1, second: 0), .of("cpu", 2, second: 10)]
        try await store.append(samples)
        #expect(try await store.append(samples) == .init(stored: 0, duplicates: 2))
        #expect(try await store.append(samples + [.of("cpu", 3, second: 20)]) == .init(stored: 1, duplicates: 2))
        #expect(try await store.volumes() == ["cpu vm-1": [1, 2, 3]])
    }

    @Test func aMessageTwiceInOneBatchIsKeptOnce() async throws {
        let store = try await OpenStore(path)
        let sample = Sample.of("cpu", 1, second: 0)
        #expect(try await store.append([sample, sample]) == .init(stored: 1, duplicates: 1))
    }

    @Test func twoMessagesOfOneInstantAreBothKept() async throws {
        let store = try await OpenStore(path)
        try await store.append([.of("image.serve", 10, kind: .delta, unit: "B", second: 0)])
        let receipt = try await store.append([.of("image.serve", 20, kind: .delta, unit: "B", second: 0)])
        #expect(receipt == .init(stored: 1, duplicates: 0))
        #expect(try await store.volumes() == ["image.serve vm-1": [10, 20]])
    }

    @Test func aMessageThatComesAgainAfterItWasRolledIntoABlockIsKeptOnce() async throws {
        let store = try await OpenStore(path)
        let samples = (0..<2000).map { Sample.of("cpu", .integer(Int64($0)), second: Double($0)) }
        try await store.append(samples)
        await store.store.roll()
        #expect(try await store.append(samples) == .init(stored: 0, duplicates: 2000))
        #expect(try await store.volumes() == ["cpu vm-1": samples.map(\.volume)])
    }

    @Test func whatComesLateFindsItsPlace() async throws {
        let store = try await OpenStore(path)
        try await store.append([.of("cpu", 1, second: 0), .of("cpu", 3, second: 20)])
        try await store.append([.of("cpu", 2, second: 10)])
        await store.store.roll()
        try await store.append([.of("cpu", 5, second: 40)])
        await store.store.roll()
        try await store.append([.of("cpu", 4, second: 30), .of("cpu", 0, second: -10)])
        #expect(try await store.volumes() == ["cpu vm-1": [0, 1, 2, 3, 4, 5]])
        await store.store.roll()
        #expect(try await store.volumes() == ["cpu vm-1": [0, 1, 2, 3, 4, 5]])
    }

    @Test func aStoreThatIsOpenedAgainHoldsTheSame() async throws {
        var store = try await OpenStore(path)
        let samples = [Sample.of("cpu", 1, second: 0), .of("cpu", 2, second: 10)]
        try await store.append([samples[0]])
        await store.store.roll()
        try await store.append([samples[1]])
        await store.close()
        store = try await OpenStore(path)
        #expect(try await store.volumes() == ["cpu vm-1": [1, 2]])
        #expect(try await store.append(samples) == .init(stored: 0, duplicates: 2))
        try await store.append([.of("cpu", 3, resource: "vm-2", second: 0)])
        #expect(try await store.volumes() == ["cpu vm-1": [1, 2], "cpu vm-2": [3]])
    }

    @Test func aRangeOfTimeIsReadWithBothItsEnds() async throws {
        let store = try await OpenStore(path)
        try await store.append((0..<100).map { .of("cpu", .integer($0), second: Double($0)) })
        await store.store.roll()
        try await store.append((100..<200).map { .of("cpu", .integer($0), second: Double($0)) })
        let day = Sample.day.microseconds
        let series = store.store.catalog.withLock { $0.series.all }
        let read = try await store.store.read(series, from: day + 98_000_000, through: day + 101_000_000) { $1 }
        #expect(read.map { $0.map(\.volume) } == [[98, 99, 100, 101]])
    }

    @Test func sendersWhoComeTogetherAreAllAnswered() async throws {
        let store = try await OpenStore(path)
        let stored = try await withThrowingTaskGroup(of: Int.self) { group in
            for sender in 0..<50 {
                group.addTask {
                    try await store.append([
                        .of("cpu", 1, resource: "vm-\(sender)", second: 0),
                        .of("cpu", 2, resource: "shared", second: Double(sender)),
                    ]).stored
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(stored == 100)
        #expect(try await store.volumes()["cpu shared"]?.count == 50)
    }

    @Test func moreThanMayWaitIsRefusedForNow() async throws {
        var limits = SampleStore.Limits()
        limits.waiting = 10
        // Nobody writes yet.
        let store = try await SampleStore.open(
            path, limits: limits, log: LogMemory().logger, metrics: MetricsMemory())
        let first = Task { try await store.append(store.arrivals([.of("cpu", 1, second: 0)])) }
        while await store.waiting == 0 { await Task.yield() }
        let many = store.arrivals((0..<10).map { .of("cpu", 1, second: Double($0)) })
        await #expect(throws: StoreError.busy) { try await store.append(many) }
        let working = Task { await store.run() }
        #expect(try await first.value.stored == 1)
        store.stop()
        await working.value
    }

    @Test func anotherCollectorOnTheSameDatabaseIsRefused() async throws {
        let store = try await OpenStore(path)
        await #expect(throws: StoreError.inUse(path: path)) { try await OpenStore(path) }
        await store.close()
    }

    @Test func aFileThatIsNoDatabaseIsNamed() async throws {
        try directory.write(String(repeating: "not a database ", count: 100), to: "samples.db")
        let error = await #expect(throws: StoreError.self) { try await OpenStore(path) }
        #expect(
            error?.description
                == "could not use \(path): file is not a database; "
                + "move it away, with its -wal and -shm, to begin with an empty one")
    }

    @Test func aDirectoryThatIsNotThereIsNamed() async throws {
        let missing = directory("no/samples.db")
        let error = await #expect(throws: StoreError.self) { try await OpenStore(missing) }
        #expect(error?.description == "could not use \(missing): No such file or directory")
    }

    @Test func othersMayNotReadTheDatabase() async throws {
        let store = try await OpenStore(path)
        try await store.append([.of("cpu", 1, second: 0)])
        for name in try directory.names {
            let mode = try FileManager.default.attributesOfItem(atPath: directory(name))[.posixPermissions] as? Int
            #expect(try #require(mode) & 0o077 == 0, "\(name)")
        }
        await store.close()
    }
}
