// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import GRDB
internal import Telemetry

extension Catalog {
    /// What the database holds.
    init(_ database: Database) throws {
        self.init()
        for row in try Row.fetchAll(database, sql: "SELECT id, name, type, unit FROM meter") {
            guard let kind = Meter.Kind(rawValue: row[2]) else { continue }
            meters.restore(MeterWord(name: row[1], kind: kind, unit: row[3]), id: row[0])
        }
        for row in try Row.fetchAll(database, sql: "SELECT id, name FROM resource") {
            resources.restore(row[1], id: row[0])
        }
        for row in try Row.fetchAll(
            database, sql: "SELECT id, project_id, project_name, user_id, user_name FROM owner")
        {
            owners.restore(
                Owner(projectID: row[1], projectName: row[2], userID: row[3], userName: row[4]), id: row[0])
        }
        for row in try Row.fetchAll(database, sql: "SELECT id, name FROM source") {
            sources.restore(row[1], id: row[0])
        }
        let metadataRows = try Row.fetchCursor(database, sql: "SELECT id, digest_high, digest_low FROM metadata")
        while let row = try metadataRows.next() {
            let digest = ShortDigest(high: UInt64(bitPattern: row[1]), low: UInt64(bitPattern: row[2]))
            metadata.restore(digest, id: row[0])
        }
        let seriesRows = try Row.fetchCursor(
            database, sql: "SELECT id, meter, resource, owner, source, metadata FROM series")
        while let row = try seriesRows.next() {
            let word = Series(meter: row[1], resource: row[2], owner: row[3], source: row[4])
            restore(word, id: row[0], latestMetadata: row[5])
        }
    }
}

extension Catalog.Changes {
    /// - Parameter now: microseconds since 1970.
    func save(_ database: Database, now: Int64) throws {
        for (id, word) in meters {
            try database.insert(
                "INSERT OR REPLACE INTO meter (id, name, type, unit) VALUES (?, ?, ?, ?)",
                [id, word.name, word.kind.rawValue, word.unit])
        }
        for (id, name) in resources {
            try database.insert("INSERT OR REPLACE INTO resource (id, name) VALUES (?, ?)", [id, name])
        }
        for (id, word) in owners {
            try database.insert(
                "INSERT OR REPLACE INTO owner (id, project_id, project_name, user_id, user_name) VALUES (?, ?, ?, ?, ?)",
                [id, word.projectID, word.projectName, word.userID, word.userName])
        }
        for (id, name) in sources {
            try database.insert("INSERT OR REPLACE INTO source (id, name) VALUES (?, ?)", [id, name])
        }
        for (id, digest, text) in metadata {
            try database.insert(
                "INSERT OR REPLACE INTO metadata (id, digest_high, digest_low, text, last_used) VALUES (?, ?, ?, ?, ?)",
                [
                    id, Int64(bitPattern: digest.high), Int64(bitPattern: digest.low),
                    String(decoding: text, as: UTF8.self), now,
                ])
        }
        for (id, word) in series {
            try database.insert(
                "INSERT OR REPLACE INTO series (id, meter, resource, owner, source, metadata) VALUES (?, ?, ?, ?, ?, 0)",
                [id, word.meter, word.resource, word.owner, word.source])
        }
    }
}

extension Database {
    fileprivate func insert(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
