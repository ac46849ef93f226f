// SPDX-License-Identifier: Apache-2.0
internal import GRDB

/// What is remembered of each extension that was ever installed, until it is purged.
struct ExtensionRecord: Sendable, Hashable {
    var name: String
    var version: String
    var description: String
    var isOn: Bool
    /// Why it is off.
    var reason: String
    /// The number of the last event that it was told of.
    var delivered: Int
}

enum ExtensionRows {
    static func all(_ database: Database) throws -> [ExtensionRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM extension ORDER BY name").map { row in
            ExtensionRecord(
                name: row["name"], version: row["version"], description: row["description"], isOn: row["is_on"],
                reason: row["reason"], delivered: row["delivered"])
        }
    }

    /// Notes one that is installed; a new one is told of what happens from now on.
    static func note(_ name: String, version: String, description: String, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO extension VALUES (?, ?, ?, 1, '', ?)
                ON CONFLICT (name) DO UPDATE SET version = excluded.version, description = excluded.description
                """, arguments: [name, version, description, try EventRows.last(database)])
    }

    static func set(_ name: String, isOn: Bool, reason: String, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE extension SET is_on = ?, reason = ? WHERE name = ?", arguments: [isOn, reason, name])
    }

    static func set(_ name: String, delivered: Int, _ database: Database) throws {
        try database.execute(sql: "UPDATE extension SET delivered = ? WHERE name = ?", arguments: [delivered, name])
    }

    /// Drops all that bears its prefix, and forgets it.
    ///
    /// - Returns: how many tables there were.
    static func purge(_ name: String, prefix: String, _ database: Database) throws -> Int {
        try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
        var tables = 0
        for type in ["trigger", "view", "table"] {
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = ? AND substr(lower(name), 1, ?) = ?",
                arguments: [type, prefix.count, prefix])
            for object in names {
                try database.execute(sql: "DROP \(type) \"\(object.replacing("\"", with: "\"\""))\"")
            }
            if type == "table" { tables = names.count }
        }
        try database.execute(sql: "DELETE FROM extension WHERE name = ?", arguments: [name])
        return tables
    }
}
