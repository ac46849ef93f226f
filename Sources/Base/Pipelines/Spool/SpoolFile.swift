// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Glibc

/// The spool's database: one for all publishers, so that a cycle is one write, whoever it goes to.
///
/// In WAL mode with `synchronous = NORMAL`, a commit survives the death of the process, however it dies, and costs no
/// wait for the disk. A power cut may take what was committed since the last checkpoint, up to 16 MiB of what still
/// waited. Locked exclusively, which tells two agents with one directory apart, and needs no shared memory.
///
/// All calls block.
struct SpoolFile: Sendable {
    /// "hysp": other databases are none of ours.
    private static let applicationID = 0x6879_7370
    private static let version = 1

    let path: String
    private let database: DatabaseQueue

    /// Opens the database, or makes it.
    init(_ path: String) throws(SpoolError) {
        self.path = path
        // SQLite would let everybody read it.
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw SpoolError("open \(path)", reason: String(cString: strerror(errno))) }
        Glibc.close(descriptor)
        do {
            var configuration = GRDB.Configuration()
            configuration.label = "spool"
            configuration.prepareDatabase { database in
                // Large pages, as batches are large; nothing is overwritten before it is freed, as Debian's SQLite would.
                for pragma in [
                    "locking_mode = EXCLUSIVE", "page_size = 16384", "journal_mode = WAL", "synchronous = NORMAL",
                    "secure_delete = OFF", "cache_size = -1024", "journal_size_limit = 16777216",
                ] {
                    try database.execute(sql: "PRAGMA \(pragma)")
                }
            }
            database = try DatabaseQueue(path: path, configuration: configuration)
            try database.write { try Self.prepare($0) }
        } catch let error as SpoolError {
            throw error
        } catch {
            throw SpoolError("open \(path)", error)
        }
    }

    private static func prepare(_ database: Database) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if id == applicationID, version == Self.version { return }
        let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard isEmpty else {
            throw DatabaseError(
                resultCode: .SQLITE_NOTADB,
                message: id == applicationID ? "a spool of another version (\(version))" : "no spool but something else"
            )
        }
        try database.execute(
            sql: """
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(Self.version);
                CREATE TABLE batch (
                    id INTEGER PRIMARY KEY, publisher TEXT NOT NULL, sequence INTEGER NOT NULL,
                    stored_at INTEGER NOT NULL, samples INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
                CREATE UNIQUE INDEX batch_in_order ON batch (publisher, sequence);
                """)
    }

    /// What waits, by publisher, and the last sequence number of each. Reads the whole table.
    func tallies() throws(SpoolError) -> [String: (tally: SpoolTally, last: Int64)] {
        do {
            return try database.read { database in
                let rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT publisher, count(*), sum(samples), sum(length(body)), max(sequence)
                        FROM batch GROUP BY publisher
                        """)
                return Dictionary(
                    uniqueKeysWithValues: rows.map { row -> (String, (tally: SpoolTally, last: Int64)) in
                        (row[0], (SpoolTally(batches: row[1], samples: row[2], bytes: row[3]), row[4]))
                    })
            }
        } catch {
            throw SpoolError("read \(path)", error)
        }
    }

    func store(_ batches: [SpooledBatch], for publisher: String, at time: Int64) throws(SpoolError) {
        do {
            try database.write { database in
                let insert = try database.cachedStatement(
                    sql: "INSERT INTO batch (publisher, sequence, stored_at, samples, body) VALUES (?, ?, ?, ?, ?)")
                for batch in batches {
                    try insert.execute(arguments: [publisher, batch.sequence, time, batch.samples, Data(batch.body)])
                }
            }
        } catch {
            throw SpoolError("store samples in \(path)", error)
        }
    }

    /// The oldest that waits for a publisher; nil where none does.
    func first(for publisher: String, after sequence: Int64) throws(SpoolError) -> SpooledBatch? {
        do {
            return try database.read { database -> SpooledBatch? in
                let select = try database.cachedStatement(
                    sql: """
                        SELECT sequence, samples, body FROM batch
                        WHERE publisher = ? AND sequence > ? ORDER BY sequence LIMIT 1
                        """)
                guard let row = try Row.fetchOne(select, arguments: [publisher, sequence]) else { return nil }
                let body: Data = row[2]
                return SpooledBatch(sequence: row[0], samples: row[1], body: [UInt8](body))
            }
        } catch {
            throw SpoolError("read \(path)", error)
        }
    }

    /// - Returns: what was there of it.
    func remove(for publisher: String, through sequence: Int64) throws(SpoolError) -> SpoolTally {
        try removed("publisher = ? AND sequence <= ?", [publisher, sequence]).reduce(into: .init()) { $0 += $1.1 }
    }

    /// Removes a publisher's oldest batch but one that is being sent.
    ///
    /// - Returns: what was there of it.
    func removeOldest(of publisher: String, but sequence: Int64?) throws(SpoolError) -> SpoolTally {
        try removed(
            "id = (SELECT id FROM batch WHERE publisher = ? AND sequence <> ? ORDER BY sequence LIMIT 1)",
            [publisher, sequence ?? -1]
        ).reduce(into: .init()) { $0 += $1.1 }
    }

    /// Removes what was stored before a time.
    ///
    /// - Returns: what was there of it, by publisher.
    func remove(olderThan time: Int64) throws(SpoolError) -> [(String, SpoolTally)] {
        try removed("stored_at < ?", [time])
    }

    private func removed(
        _ condition: String, _ arguments: StatementArguments
    ) throws(SpoolError) -> [(String, SpoolTally)] {
        do {
            return try database.write { database in
                let delete = try database.cachedStatement(
                    sql: "DELETE FROM batch WHERE \(condition) RETURNING publisher, samples, length(body)")
                return try Row.fetchAll(delete, arguments: arguments).map {
                    ($0[0], SpoolTally(batches: 1, samples: $0[1], bytes: $0[2]))
                }
            }
        } catch {
            throw SpoolError("remove samples from \(path)", error)
        }
    }

    /// Gives the disk back what an outage took, once nothing waits and the file is larger than this. Cheap then: there
    /// is nothing to copy.
    func shrink(above bytes: Int) throws(SpoolError) {
        do {
            try database.writeWithoutTransaction { database in
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
                if pages * size > bytes { try database.execute(sql: "VACUUM") }
            }
        } catch {
            throw SpoolError("shrink \(path)", error)
        }
    }

    /// Puts a file that is no spool, or a broken one, beside the place of a new one, with what belongs to it. Of several,
    /// the last is kept.
    func setAside() { Self.setAside(path) }

    static func setAside(_ path: String) {
        for ending in ["", "-wal", "-shm"] {
            unlink("\(path).damaged\(ending)")
            rename(path + ending, "\(path).damaged\(ending)")
        }
    }

    ///
    func close() { try? database.close() }  // what can't be closed is set aside all the same
}
