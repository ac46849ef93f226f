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
    private struct State {
        var records: [String: TokenRecord] = [:]
        /// The digest of each node's.
        var nodes: [Int: String] = [:]

        mutating func add(_ record: TokenRecord) {
            if let node = record.node {
                if let old = nodes[node] { records[old] = nil }
                nodes[node] = record.digest
            }
            records[record.digest] = record
        }
    }

    private let state: Mutex<State>

    init(_ records: [TokenRecord]) {
        var state = State()
        for record in records { state.add(record) }
        self.state = Mutex(state)
    }

    /// After it was committed; a node's is worth nothing any more when it gets another.
    func add(_ record: TokenRecord) { state.withLock { $0.add(record) } }

    /// After they were deleted.
    func remove(ofNodes nodes: some Sequence<Int>) {
        state.withLock { state in
            for node in nodes {
                if let digest = state.nodes.removeValue(forKey: node) { state.records[digest] = nil }
            }
        }
    }

    func remove(_ id: Int) {
        state.withLock { state in
            guard let record = state.records.values.first(where: { $0.id == id }) else { return }
            state.records[record.digest] = nil
            if let node = record.node { state.nodes[node] = nil }
        }
    }

    func find(_ secret: String) -> TokenRecord? {
        let digest = TokenSecret.digest(secret)
        return state.withLock { $0.records[digest] }
    }
}
