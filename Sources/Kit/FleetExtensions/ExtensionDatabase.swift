// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// The extension's own tables, in the fleet service's SQLite database. Whatever names a table of others is refused.
public struct ExtensionDatabase: Sendable {
    /// A statement with its arguments, one for each `?`: null, booleans (0 and 1), numbers, texts; lists and objects are
    /// stored as JSON texts.
    public struct Statement: Sendable, Hashable {
        public var sql: String
        public var arguments: [JSONValue]

        public init(_ sql: String, _ arguments: [JSONValue] = []) {
            self.sql = sql
            self.arguments = arguments
        }

        var json: JSONValue { ["sql": .string(sql), "arguments": .array(arguments)] }
    }

    /// Column to value: null, numbers and texts.
    public typealias Row = JSONObject

    private let host: any FleetHost

    public init(_ host: any FleetHost) { self.host = host }

    /// At most 10,000 rows and a second.
    public func read(_ sql: String, _ arguments: [JSONValue] = []) async throws -> [Row] {
        let answer = try await host.call("database.read", ["statement": Statement(sql, arguments).json])
        return (answer["rows"]?.array ?? []).compactMap(\.object)
    }

    /// All of them in one transaction, or none; within a second, as others wait meanwhile.
    ///
    /// - Returns: for each statement, how many rows it changed.
    @discardableResult
    public func write(_ statements: [Statement]) async throws -> [Int] {
        let answer = try await host.call("database.write", ["statements": .array(statements.map(\.json))])
        return (answer["changes"]?.array ?? []).compactMap(\.integer)
    }

    @discardableResult
    public func write(_ sql: String, _ arguments: [JSONValue] = []) async throws -> Int {
        try await write([Statement(sql, arguments)]).first ?? 0
    }
}
