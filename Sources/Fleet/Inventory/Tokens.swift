// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import GRDB
internal import Synchronization
internal import Telemetry

/// A token as the service keeps it: not the secret itself, but its digest.
struct TokenRecord: Sendable, Hashable {
    var id: Int
    var digest: String
    var scope: Caller.Scope
    var node: Int?
    var description: String
    var created: Timestamp
    /// nil where it is good for ever.
    var expires: Timestamp?
    /// For how many registrations it is good still; nil where there is no end.
    var usesLeft: Int?

    var caller: Caller {
        Caller(scope: scope, name: node.map { "node \($0)" } ?? "token \(id)", node: node, token: id)
    }
}

enum TokenSecret {
    /// 64 hexadecimal digits from the system's generator for secrets.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// By which it is found: what time tells of the search is of the digest, which tells nothing of the secret.
    static func digest(_ secret: String) -> String { SHA224.hex(secret) }
}

enum TokenRows {
    static func record(_ row: Row) -> TokenRecord {
        TokenRecord(
            id: row["id"], digest: row["digest"], scope: Caller.Scope(rawValue: row["scope"]) ?? .read,
            node: row["node"], description: row["description"], created: Timestamp(microseconds: row["created"]),
            expires: (row["expires"] as Int64?).map { Timestamp(microseconds: $0) }, usesLeft: row["uses_left"])
    }

    static func all(_ database: Database) throws -> [TokenRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY id").map(record)
    }

    static func find(_ id: Int, _ database: Database) throws -> TokenRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM token WHERE id = ?", arguments: [id]).map(record)
    }

    static func add(_ record: TokenRecord, _ database: Database) throws -> TokenRecord {
        try database.execute(
            sql: """
                INSERT INTO token (digest, scope, node, description, created, expires, uses_left)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record.digest, record.scope.rawValue, record.node, record.description, record.created.microseconds,
                record.expires?.microseconds, record.usesLeft,
            ])
        var made = record
        made.id = Int(database.lastInsertedRowID)
        return made
    }

    /// Takes away the tokens that a node had, and gives it a new one.
    static func renew(ofNode node: Int, secret: String, _ database: Database) throws -> TokenRecord {
        try database.execute(sql: "DELETE FROM token WHERE node = ?", arguments: [node])
        return try add(
            TokenRecord(
                id: 0, digest: TokenSecret.digest(secret), scope: .node, node: node, description: "of node \(node)",
                created: .now), database)
    }
}

/// All tokens by their digests, as the database has them: each request looks here.
final class TokenCache: Sendable {
    private let records: Mutex<[String: TokenRecord]>

    init(_ records: [TokenRecord]) { self.records = Mutex(Self.index(records)) }

    /// After it was committed.
    func add(_ record: TokenRecord) {
        records.withLock { records in
            if let node = record.node { records = records.filter { $0.value.node != node } }
            records[record.digest] = record
        }
    }

    func remove(where isGone: (TokenRecord) -> Bool) {
        records.withLock { records in records = records.filter { !isGone($0.value) } }
    }

    func find(_ secret: String) -> TokenRecord? {
        let digest = TokenSecret.digest(secret)
        return records.withLock { $0[digest] }
    }

    private static func index(_ records: [TokenRecord]) -> [String: TokenRecord] {
        Dictionary(records.map { ($0.digest, $0) }) { $1 }
    }
}
