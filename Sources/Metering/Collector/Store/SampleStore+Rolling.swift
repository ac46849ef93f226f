// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Foundation
internal import GRDB
internal import Synchronization
internal import Telemetry

/// From the head into blocks.
extension SampleStore {
    /// No block holds more points.
    private static let largestBlock = 512
    /// No block spans more microseconds, so that a reader knows how far back it has to look for one.
    static let longestBlock: Int64 = 86400 * 1_000_000

    private struct Block: Sendable {
        var id: Int64
        var series: Int32
        var first: Int64
        var last: Int64
        var points: Int
        var payload: Data
        var metadata: Int32
    }

    func rollIfDue(now: Int64 = Timestamp.now.microseconds) async {
        // The clock may have been set back since.
        guard let since = headSince else { return }
        let headSince = min(since, now)
        self.headSince = headSince
        if head.count >= limits.headPoints || now - headSince >= Int64(limits.headAge) * 1_000_000 { await roll() }
    }

    /// Moves all points of the head into blocks, in one transaction.
    func roll() async {
        let blocks = blocksOfHead()
        guard let newest = blocks.last?.id else { return }
        let through = lastJournal
        let known = catalog.withLock { $0.latestMetadata }
        do {
            try await pool.write { database in
                let now = Timestamp.now.microseconds
                try Self.write(blocks, database)
                try Self.noteMetadata(blocks, known, now: now, database)
                try database.execute(sql: "DELETE FROM journal WHERE id <= ?", arguments: [through])
            }
        } catch {
            // The points stay in the head and in the journal; the next tick tries again.
            faults.note("moving samples into blocks", StoreError(error, path: path))
            return
        }
        faults.note("moving samples into blocks", nil)
        catalog.withLock { catalog in for block in blocks { catalog.latestMetadata[block.series] = block.metadata } }
        for series in Set(blocks.map(\.series)) { head.roll(series) }
        lastBlock = newest
        headSince = nil
    }

    private func blocksOfHead() -> [Block] {
        var blocks: [Block] = []
        for series in head.series {
            var rest = head[series][...]
            while let first = rest.first {
                let end = rest.firstIndex(notBefore: first.time &+ Self.longestBlock)
                let chunk = rest[rest.startIndex..<min(end, rest.startIndex + Self.largestBlock)]
                guard let last = chunk.last else { break }
                blocks.append(
                    Block(
                        id: lastBlock + Int64(blocks.count) + 1, series: series, first: first.time, last: last.time,
                        points: chunk.count, payload: Data(BlockCoding.encode(chunk)), metadata: last.metadata))
                rest = rest[chunk.endIndex...]
            }
        }
        return blocks
    }

    private static func write(_ blocks: [Block], _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO block (id, series, first, last, points, payload) VALUES (?, ?, ?, ?, ?, ?)")
        for block in blocks {
            statement.setUncheckedArguments(
                [block.id, block.series, block.first, block.last, block.points, block.payload])
            try statement.execute()
        }
    }

    /// So that what is shown of a resource survives its points in memory, and metadata in use isn't forgotten.
    private static func noteMetadata(
        _ blocks: [Block], _ known: [Int32: Int32], now: Int64, _ database: Database
    ) throws {
        let series = try database.cachedStatement(sql: "UPDATE series SET metadata = ? WHERE id = ?")
        for block in blocks where known[block.series] != block.metadata {
            try series.execute(arguments: [block.metadata, block.series])
        }
        // Once a day is enough for what is kept for days.
        let metadata = try database.cachedStatement(
            sql: "UPDATE metadata SET last_used = ?1 WHERE id = ?2 AND last_used < ?1 - 86400000000")
        for id in Set(blocks.map(\.metadata)) { try metadata.execute(arguments: [now, id]) }
    }

    /// The times that blocks hold of those points that may be in blocks, by series.
    func timesInBlocks(_ batches: [[Arrival]]) async throws -> [Int32: Set<Int64>] {
        var wanted: [Int32: Set<Int64>] = [:]
        for batch in batches {
            for arrival in batch where head.placing(arrival) == .perhapsInBlock {
                wanted[arrival.series, default: []].insert(arrival.point.time)
            }
        }
        guard !wanted.isEmpty else { return [:] }
        return try await pool.read { [wanted] database in
            var found: [Int32: Set<Int64>] = [:]
            for (series, times) in wanted {
                guard let first = times.min(), let last = times.max() else { continue }
                try Self.blocks(of: series, from: first, through: last, upTo: .max, database) { points in
                    for point in points where times.contains(point.time) {
                        found[series, default: []].insert(point.time)
                    }
                }
            }
            return found
        }
    }
}
