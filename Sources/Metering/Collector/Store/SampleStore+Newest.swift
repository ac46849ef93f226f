// SPDX-License-Identifier: Apache-2.0
internal import GRDB
internal import Synchronization

/// What came last, which is in memory as a rule.
extension SampleStore {
    struct Newest: Sendable, Hashable {
        var series: Int32
        /// Of its newest point, in microseconds since 1970.
        var time: Int64
        /// That point's metadata, their number in the catalog.
        var metadata: Int32
    }

    /// The newest instant of each series that has one at or after `since`; the database isn't touched.
    func newest(_ series: [Int32], since: Int64) -> [Newest] {
        let rolled = catalog.withLock { $0.latestMetadata }
        return series.compactMap { id in
            let last = head.last(id)
            let time = max(last?.time ?? .min, head.rolled(id))
            guard time >= since, let metadata = last?.metadata ?? rolled[id] else { return nil }
            return Newest(series: id, time: time, metadata: metadata)
        }
    }

    /// The last points of each series, sorted by time: two at least where there are two, `count` at most. Those of
    /// series whose points have just gone into blocks are looked up, one block each, by its index.
    func tails(_ series: [Int32], count: Int) async throws(StoreError) -> [Int32: [Point]] {
        let newest = lastBlock
        var tails: [Int32: [Point]] = [:]
        tails.reserveCapacity(series.count)
        var short: [Int32] = []
        for id in series {
            let tail = head.suffix(id, count)
            tails[id] = tail
            if tail.count < 2 || (tail.last?.time ?? .min) < head.rolled(id), head.rolled(id) > .min {
                short.append(id)
            }
        }
        if short.isEmpty { return tails }
        let found: [Int32: [Point]]
        do {
            found = try await pool.read { [short] database in
                let statement = try database.cachedStatement(
                    sql: "SELECT payload FROM block WHERE series = ? AND id <= ? ORDER BY first DESC LIMIT 1")
                var found: [Int32: [Point]] = [:]
                for id in short {
                    let row = try Row.fetchOne(statement, arguments: [id, newest])
                    found[id] = try row?.decode(at: 0) { bytes throws(CompactReader.Damage) in
                        try BlockCoding.decode(bytes, isWhole: true)
                    }.suffix(count)
                }
                return found
            }
        } catch {
            throw StoreError(error, path: path)
        }
        tails.merge(found) { inMemory, rolled in
            Array((rolled + inMemory).sorted { $0.time < $1.time }.suffix(count))
        }
        return tails
    }
}
