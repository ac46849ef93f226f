// SPDX-License-Identifier: Apache-2.0
internal import GRDB
internal import Synchronization

extension SampleStore {
    /// The points of series in a range of time, each series' sorted by time; those without any are left out.
    ///
    /// - Parameters:
    ///   - from: microseconds since 1970, as `through`; both belong to the range.
    ///   - isWhole: false where the points' times and volumes are enough.
    ///   - body: called on the database's thread, series by series.
    func read<Value: Sendable>(
        _ series: [Int32], from: Int64, through: Int64, isWhole: Bool = true,
        _ body: @escaping @Sendable (_ series: Int32, _ points: [Point]) -> Value
    ) async throws(StoreError) -> [Value] {
        // Both at one moment: points that are rolled from now on are in the head's copy, so that newer blocks are left
        // alone.
        let newest = lastBlock
        let heads = series.map { head[$0].within(from, through) }
        do {
            return try await pool.read { database in
                var values: [Value] = []
                for (series, inMemory) in zip(series, heads) {
                    var points: [Point] = []
                    try Self.blocks(of: series, from: from, through: through, upTo: newest, isWhole: isWhole, database)
                    {
                        points += $0.within(from, through)
                    }
                    points += inMemory
                    if !points.isSorted { points.sort { $0.time < $1.time } }
                    if !points.isEmpty { values.append(body(series, points)) }
                }
                return values
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The metadata of each series' newest point.
    func latestMetadata(_ series: [Int32]) -> [Int32: Int32] {
        let rolled = catalog.withLock { $0.latestMetadata }
        return Dictionary(
            series.compactMap { id in (head[id].last?.metadata ?? rolled[id]).map { (id, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Metadata as they were first written: JSON texts, by number.
    nonisolated func metadataTexts(_ ids: Set<Int32>) async throws(StoreError) -> [Int32: String] {
        do {
            return try await pool.read { database in
                let statement = try database.cachedStatement(sql: "SELECT text FROM metadata WHERE id = ?")
                var texts: [Int32: String] = [:]
                for id in ids { texts[id] = try String.fetchOne(statement, arguments: [id]) }
                return texts
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// The first and last time of a series, in microseconds since 1970; nil where it has no points.
    func span(_ series: [Int32]) async throws(StoreError) -> [Int32: ClosedRange<Int64>] {
        let heads = series.map { head[$0] }
        let rolled = series.map { head.rolled($0) }
        do {
            return try await pool.read { database in
                let statement = try database.cachedStatement(sql: "SELECT min(first) FROM block WHERE series = ?")
                var spans: [Int32: ClosedRange<Int64>] = [:]
                for (index, series) in series.enumerated() {
                    let first = try Int64.fetchOne(statement, arguments: [series])
                    let firsts = [first, heads[index].first?.time].compactMap { $0 }
                    guard let earliest = firsts.min() else { continue }
                    spans[series] = earliest...max(earliest, max(rolled[index], heads[index].last?.time ?? .min))
                }
                return spans
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Calls `body` with the points of each block that has some in the range, the oldest block first.
    ///
    /// - Parameter newest: blocks of higher numbers are left out.
    static func blocks(
        of series: Int32, from: Int64, through: Int64, upTo newest: Int64, isWhole: Bool = true,
        _ database: Database, _ body: ([Point]) -> Void
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT payload FROM block
                WHERE series = ? AND first BETWEEN ? AND ? AND last >= ? AND id <= ? ORDER BY first
                """)
        let earliest = from.subtractingReportingOverflow(longestBlock)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [series, earliest.overflow ? Int64.min : earliest.partialValue, through, from, newest])
        while let row = try rows.next() {
            body(
                try row.decode(at: 0) { bytes throws(CompactReader.Damage) in
                    try BlockCoding.decode(bytes, isWhole: isWhole)
                })
        }
    }
}

extension [Point] {
    /// - Precondition: sorted by time.
    fileprivate func within(_ from: Int64, _ through: Int64) -> ArraySlice<Point> {
        guard let first, let last, first.time < from || last.time > through else { return self[...] }
        let start = firstIndex(notBefore: from)
        return self[start..<Swift.max(start, through == .max ? count : firstIndex(notBefore: through + 1))]
    }

    fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0.time <= $1.time } }
}
