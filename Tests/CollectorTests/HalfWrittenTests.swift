// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Collector

/// Databases as a power cut leaves them: cut off or changed somewhere in what was written last.
@Suite struct HalfWrittenTests {
    private let directory: TemporaryDirectory
    private var path: String { directory("samples.db") }

    init() throws { directory = try TemporaryDirectory() }

    private func batch(_ number: Int) -> [Sample] {
        (0..<20).map { .of("cpu", .integer(Int64(number)), resource: "vm-\($0)", second: Double(number)) }
    }

    /// A database whose last transactions are in its write-ahead log only, and those transactions.
    private func written() async throws -> (database: Data, log: Data, batches: [[Sample]]) {
        let batches = (0..<10).map(batch)
        let store = try await OpenStore(path)
        for batch in batches { try await store.append(batch) }
        let files = try ["", "-wal"].map { try Data(contentsOf: URL(filePath: path + $0)) }
        await store.close()
        return (files[0], files[1], batches)
    }

    private func put(_ database: Data, _ log: Data) throws {
        for name in try directory.names { try FileManager.default.removeItem(atPath: directory(name)) }
        try database.write(to: URL(filePath: path))
        try log.write(to: URL(filePath: path + "-wal"))
    }

    @Test func aLogThatIsCutOffAnywhereHoldsWholeBatchesAndTheRestCanComeAgain() async throws {
        let (database, log, batches) = try await written()
        #expect(log.count > 20_000)
        for length in stride(from: 0, through: log.count, by: log.count / 23) {
            try put(database, log.prefix(length))
            try await expectWholeBatches(batches, "\(length) of \(log.count) bytes")
        }
    }

    @Test func aLogWithAChangedByteHoldsWholeBatchesAndTheRestCanComeAgain() async throws {
        let (database, log, batches) = try await written()
        for place in stride(from: 0, to: log.count, by: log.count / 23) {
            var changed = log
            changed[place] ^= 0x10
            try put(database, changed)
            try await expectWholeBatches(batches, "byte \(place) of \(log.count)")
        }
    }

    private func expectWholeBatches(_ batches: [[Sample]], _ what: String) async throws {
        let store = try await OpenStore(path)
        // The first batches and no others, each with all of its series.
        let found = try await store.volumes().values.sorted { $0.count < $1.count }
        let count = found.first?.count ?? 0
        #expect(found.allSatisfy { $0 == (0..<count).map { .integer(Int64($0)) } }, "\(what)")
        #expect(found.isEmpty || found.count == 20, "\(what)")
        // A sender sends what was not confirmed, and perhaps more.
        for batch in batches { try await store.append(batch) }
        #expect(try await store.volumes().values.allSatisfy { $0.count == 10 }, "\(what)")
        await store.close()
    }

    @Test func halfADatabaseIsRefusedOrReadAndNeverWrong() async throws {
        let store = try await OpenStore(path)
        for number in 0..<200 { try await store.append(batch(number)) }
        await store.store.roll()
        await store.close()
        let database = try Data(contentsOf: URL(filePath: path))
        var refused = 0
        for length in stride(from: 0, to: database.count, by: max(1, database.count / 17)) {
            try put(database.prefix(length), Data())
            do {
                let store = try await OpenStore(path)
                // SQLite finds out when it comes to a page that is missing.
                if let volumes = try? await store.volumes() {
                    #expect(volumes.values.allSatisfy { $0 == (0..<$0.count).map { .integer(Int64($0)) } })
                }
                await store.close()
            } catch let error as StoreError {
                refused += 1
                #expect("\(error)".hasPrefix("could not use \(path): "))
                #expect("\(error)".contains("move it away"), "\(error)")
            }
        }
        #expect(refused > 0)
    }
}
