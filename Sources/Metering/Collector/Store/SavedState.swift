// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GRDB
internal import Telemetry

/// What the database held when it was opened: what the store keeps in memory.
struct SavedState: Sendable {
    var catalog: Catalog
    var head = Head()
    var lastBlock: Int64
    var lastJournal: Int64
    var headSince: Int64?

    init(_ database: Database) throws {
        catalog = try Catalog(database)
        lastBlock = try Int64.fetchOne(database, sql: "SELECT max(id) FROM block") ?? 0
        lastJournal = 0
        let rolled = try Row.fetchCursor(database, sql: "SELECT series, max(last) FROM block GROUP BY series")
        while let row = try rolled.next() { head.markRolled(row[0], through: row[1]) }
        let journal = try Row.fetchCursor(database, sql: "SELECT id, received, payload FROM journal ORDER BY id")
        while let row = try journal.next() {
            lastJournal = row[0]
            headSince = headSince ?? row[1]
            for arrival in try row.decode(at: 2, JournalCoding.decode) { head.insert(arrival) }
        }
    }

    /// Words that no point uses any more: nothing holds their numbers yet.
    ///
    /// - Parameter time: metadata that were used since, in microseconds since 1970, stay.
    mutating func forgetUnused(_ database: Database, since time: Int64) throws {
        let unused = catalog.series.all.filter { head[$0].isEmpty && head.rolled($0) == .min }
        let delete = try database.cachedStatement(sql: "DELETE FROM series WHERE id = ?")
        for series in unused { try delete.execute(arguments: [series]) }
        try database.execute(
            sql: """
                DELETE FROM resource WHERE id NOT IN (SELECT resource FROM series);
                DELETE FROM owner WHERE id NOT IN (SELECT owner FROM series);
                DELETE FROM source WHERE id NOT IN (SELECT source FROM series);
                DELETE FROM meter WHERE id NOT IN (SELECT meter FROM series);
                """)
        // Points of the journal may use metadata that no block has used for long, and a day is how exactly last_used
        // is kept.
        let recent = Set(head.series.flatMap { head[$0].map(\.metadata) })
        let old = try Int32.fetchAll(
            database,
            sql: "SELECT id FROM metadata WHERE last_used < ? AND id NOT IN (SELECT metadata FROM series)",
            arguments: [time - 86400 * 1_000_000])
        let forget = try database.cachedStatement(sql: "DELETE FROM metadata WHERE id = ?")
        for id in old where !recent.contains(id) { try forget.execute(arguments: [id]) }
        catalog = try Catalog(database)
    }
}

extension Row {
    /// What a BLOB holds.
    func decode<Value>(
        at index: Int, _ read: (UnsafeRawBufferPointer) throws(CompactReader.Damage) -> Value
    ) throws -> Value {
        do {
            return try withUnsafeData(atIndex: index) { data in
                guard let data else { throw CompactReader.Damage() }
                return try data.withUnsafeBytes { try read($0) }
            }
        } catch is CompactReader.Damage {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "points that can't be read")
        }
    }
}
