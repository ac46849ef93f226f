// SPDX-License-Identifier: Apache-2.0
internal import GRDBSQLite
internal import Glibc
internal import Synchronization

/// A connection to a SQLite database that others use too, on which only tables of one prefix exist: SQLite's authorizer
/// refuses every statement that names another, so no statement has to be understood here.
///
/// Calls block, one after the other. None takes longer than its limit, however the statement is written.
package final class GuardedConnection: Sendable {
    package struct Limits: Sendable, Hashable {
        /// Of a call, in milliseconds.
        package var milliseconds = 1000
        package var rows = 10_000
        package var bytes = 8 << 20

        package init() {}
    }

    private struct Handle: @unchecked Sendable {  // used under the lock alone
        var pointer: OpaquePointer?
    }

    private let handle: Mutex<Handle>
    private let tables: TableGuard
    private let deadline = Atomic<UInt64>(0)
    private let prefix: String

    /// - Parameter path: of a database that is there.
    package init(path: String, prefix: String) throws(SQLError) {
        self.prefix = prefix
        tables = TableGuard(prefix: prefix)
        var pointer: OpaquePointer?
        let code = sqlite3_open_v2(path, &pointer, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, nil)
        guard code == SQLITE_OK, let pointer else {
            let words = pointer.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(pointer)
            throw SQLError(code: code, words)
        }
        for pragma in ["foreign_keys = ON", "synchronous = FULL", "trusted_schema = OFF"] {
            sqlite3_exec(pointer, "PRAGMA \(pragma)", nil, nil, nil)
        }
        sqlite3_extended_result_codes(pointer, 1)
        sqlite3_limit(pointer, SQLITE_LIMIT_LENGTH, 16 << 20)
        sqlite3_limit(pointer, SQLITE_LIMIT_SQL_LENGTH, 1 << 20)
        sqlite3_limit(pointer, SQLITE_LIMIT_ATTACHED, 0)
        handle = Mutex(Handle(pointer: pointer))
        watch(pointer)
    }

    deinit { _ = handle.withLock { sqlite3_close_v2($0.pointer) } }

    /// The guard and the clock outlive the connection, as both are ours.
    private func watch(_ pointer: OpaquePointer) {
        sqlite3_set_authorizer(
            pointer,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let tables = Unmanaged<TableGuard>.fromOpaque(context).takeUnretainedValue()
                let isAllowed = tables.allows(
                    action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(tables).toOpaque())
        sqlite3_progress_handler(
            pointer, 1000,
            { context in
                guard let context else { return 1 }
                let connection = Unmanaged<GuardedConnection>.fromOpaque(context).takeUnretainedValue()
                return connection.isOverdue ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }

    private var isOverdue: Bool { Self.now > deadline.load(ordering: .relaxed) }

    /// The rows of one statement that writes nothing.
    package func read(_ statement: SQLStatement, limits: Limits = Limits()) throws -> [SQLRow] {
        try use(limits) { session in
            try session.read(statement)
        }
    }

    /// All in one transaction, or none.
    ///
    /// - Parameters:
    ///   - allowsSchema: whether tables may be made and changed.
    ///   - last: further statements of the service's own, in the same transaction, that aren't guarded.
    /// - Returns: for each statement, how many rows it changed.
    @discardableResult
    package func write(
        _ statements: [SQLStatement], allowsSchema: Bool = false, last: [SQLStatement] = [], limits: Limits = Limits()
    ) throws -> [Int] {
        try use(limits) { session in
            try session.transaction {
                let others = allowsSchema ? try session.others(than: prefix) : []
                tables.set(allowsSchema: allowsSchema)
                let changes = try statements.map { try session.execute($0) }
                if allowsSchema {
                    try session.checkReferences(prefix: prefix)
                    guard try session.others(than: prefix) == others else {
                        throw SQLError(code: SQLITE_AUTH, "a table was given a name that doesn't begin with \(prefix)")
                    }
                }
                tables.set(allowsSchema: false)
                try session.unguarded { for statement in last { _ = try session.execute(statement) } }
                return changes
            }
        }
    }

    /// Statements of the service's own about this extension, such as on the table of its versions.
    package func unguarded(_ statements: [SQLStatement]) throws -> [[SQLRow]] {
        try use(Limits()) { session in
            try session.unguarded { try session.transaction { try statements.map { try session.rows($0) } } }
        }
    }

    private func use<Value>(_ limits: Limits, _ body: (SQLSession) throws -> Value) throws -> Value {
        try handle.withLock { handle in
            guard let pointer = handle.pointer else { throw SQLError(code: SQLITE_MISUSE, "is closed") }
            deadline.store(Self.now + UInt64(limits.milliseconds), ordering: .relaxed)
            sqlite3_busy_timeout(pointer, Int32(limits.milliseconds))
            tables.set(allowsSchema: false)
            return try body(SQLSession(pointer, tables, limits, restoring: watch))
        }
    }
}
