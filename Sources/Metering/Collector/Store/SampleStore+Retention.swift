// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
internal import GRDB
internal import Logging
internal import Telemetry

/// What is given up, because of its age or of the room it takes.
extension SampleStore {
    /// Deleted in one transaction at most, so that nobody waits long.
    private static let blocksAtOnce = 500

    /// - Parameter now: in microseconds since 1970; the clock's time where it is nil.
    func expire(now: Int64? = nil) async {
        let now = now ?? clock.reading().earliest.microseconds
        do {
            let old = try await deleteBlocks(lastBefore: now - Int64(limits.age) * 1_000_000)
            let surplus = try await deleteSurplus()
            expired.increment(by: old + surplus)
            if surplus > 0 {
                log.notice(
                    "the oldest samples were deleted to keep the database within its size",
                    metadata: ["samples": "\(surplus)", "limit.bytes": "\(limits.bytes ?? 0)"])
            }
            if old > 0 { log.debug("samples past their age were deleted", metadata: ["samples": "\(old)"]) }
            // Room that nothing uses goes back to the file system, 16 MiB at a time.
            try await pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA incremental_vacuum(4096)") }
        } catch {
            faults.note("deleting old samples", StoreError(error, path: path))
            return
        }
        faults.note("deleting old samples", nil)
    }

    /// - Returns: how many points went.
    private func deleteBlocks(lastBefore time: Int64) async throws -> Int {
        var total = 0
        while true {
            let counts = try await pool.write { database in
                try Int.fetchAll(
                    database,
                    sql: """
                        DELETE FROM block WHERE id IN (SELECT id FROM block WHERE last < ? ORDER BY last LIMIT ?)
                        RETURNING points
                        """,
                    arguments: [time, Self.blocksAtOnce])
            }
            total += counts.reduce(0, +)
            if counts.count < Self.blocksAtOnce { return total }
        }
    }

    /// - Returns: how many points went.
    private func deleteSurplus() async throws -> Int {
        guard let limit = limits.bytes else { return 0 }
        var total = 0
        while case let surplus = try await bytesInUse() - limit, surplus > 0 {
            let points = try await pool.write { try Self.deleteOldest(surplus, $0) }
            if points == 0 { break }
            total += points
        }
        return total
    }

    /// Deletes the oldest blocks, of so many bytes or as many as may go at once.
    ///
    /// - Returns: how many points went.
    private static func deleteOldest(_ bytes: Int, _ database: Database) throws -> Int {
        let oldest = try Row.fetchAll(
            database, sql: "SELECT id, points, length(payload) FROM block ORDER BY last LIMIT ?",
            arguments: [blocksAtOnce])
        let delete = try database.cachedStatement(sql: "DELETE FROM block WHERE id = ?")
        var (freed, points) = (0, 0)
        for row in oldest where freed < bytes {
            try delete.execute(arguments: [row[0] as Int64])
            freed += row[2]
            points += row[1]
        }
        return points
    }

    /// Of the database's file, without what is free in it.
    nonisolated func bytesInUse() async throws -> Int {
        try await pool.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT (page_count - freelist_count) * page_size
                    FROM pragma_page_count, pragma_freelist_count, pragma_page_size
                    """) ?? 0
        }
    }
}
