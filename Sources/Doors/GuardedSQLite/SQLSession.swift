// SPDX-License-Identifier: Apache-2.0
internal import GRDBSQLite

/// Statements on a connection that is held meanwhile.
struct SQLSession {
    private let pointer: OpaquePointer
    private let tables: TableGuard
    private let limits: GuardedConnection.Limits
    private let restore: (OpaquePointer) -> Void

    init(
        _ pointer: OpaquePointer, _ tables: TableGuard, _ limits: GuardedConnection.Limits,
        restoring restore: @escaping (OpaquePointer) -> Void
    ) {
        self.pointer = pointer
        self.tables = tables
        self.limits = limits
        self.restore = restore
    }

    private func error(_ code: Int32) -> SQLError {
        if let refusal = tables.takeRefusal() { return SQLError(code: SQLITE_AUTH, refusal) }
        if code & 0xFF == SQLITE_INTERRUPT {
            return SQLError(code: code, "took longer than \(limits.milliseconds) ms")
        }
        return SQLError(code: code, String(cString: sqlite3_errmsg(pointer)))
    }

    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try tables.asTransaction { _ = try rows(SQLStatement("BEGIN IMMEDIATE")) }
        do {
            let value = try body()
            try tables.asTransaction { _ = try rows(SQLStatement("COMMIT")) }
            return value
        } catch {
            tables.asTransaction {
                // SQLite may have rolled back by itself.
                if sqlite3_get_autocommit(pointer) == 0 { sqlite3_exec(pointer, "ROLLBACK", nil, nil, nil) }
            }
            throw error
        }
    }

    /// Nothing is refused meanwhile.
    func unguarded<Value>(_ body: () throws -> Value) throws -> Value {
        sqlite3_set_authorizer(pointer, nil, nil)
        defer { restore(pointer) }
        return try body()
    }

    func read(_ statement: SQLStatement) throws -> [SQLRow] { try rows(statement, mustRead: true) }

    func execute(_ statement: SQLStatement) throws -> Int {
        let before = sqlite3_total_changes64(pointer)
        _ = try rows(statement)
        return Int(sqlite3_total_changes64(pointer) - before)
    }

    func rows(_ statement: SQLStatement, mustRead: Bool = false) throws -> [SQLRow] {
        var compiled: OpaquePointer?
        var rest = ""
        let code = statement.sql.withCString { text -> Int32 in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v2(pointer, text, -1, &compiled, &tail)
            rest = tail.map { String(cString: $0) } ?? ""
            return code
        }
        defer { sqlite3_finalize(compiled) }
        guard code == SQLITE_OK else { throw error(code) }
        guard let compiled else { throw SQLError(code: SQLITE_MISUSE, "an empty statement") }
        guard rest.allSatisfy({ $0.isWhitespace || $0 == ";" }) else {
            throw SQLError(code: SQLITE_MISUSE, "a second statement in the same text; give each by itself")
        }
        if mustRead, sqlite3_stmt_readonly(compiled) == 0 {
            throw SQLError(code: SQLITE_READONLY, "a statement that writes; database.write takes those")
        }
        try bind(statement.arguments, to: compiled)
        return try step(compiled)
    }

    private func bind(_ arguments: [SQLValue], to compiled: OpaquePointer) throws {
        let wanted = Int(sqlite3_bind_parameter_count(compiled))
        guard wanted == arguments.count else {
            throw SQLError(code: SQLITE_RANGE, "\(arguments.count) arguments for \(wanted) places")
        }
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (index, value) in arguments.enumerated() {
            let place = Int32(index + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(compiled, place)
                case .integer(let integer): sqlite3_bind_int64(compiled, place, integer)
                case .real(let real): sqlite3_bind_double(compiled, place, real)
                case .text(let text): sqlite3_bind_text(compiled, place, text, Int32(text.utf8.count), transient)
                }
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    private func step(_ compiled: OpaquePointer) throws -> [SQLRow] {
        let count = sqlite3_column_count(compiled)
        let columns = (0..<count).map { String(cString: sqlite3_column_name(compiled, $0)) }
        var rows: [SQLRow] = []
        var bytes = 0
        while true {
            let code = sqlite3_step(compiled)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw error(code) }
            var values: [SQLValue] = []
            for column in 0..<count {
                let value = try self.value(compiled, column)
                if case .text(let text) = value { bytes += text.utf8.count }
                values.append(value)
            }
            rows.append(SQLRow(columns: columns, values: values))
            guard rows.count <= limits.rows, bytes <= limits.bytes else {
                throw SQLError(
                    code: SQLITE_TOOBIG, "more than \(limits.rows) rows or \(limits.bytes >> 20) MiB; ask with LIMIT")
            }
        }
    }

    private func value(_ compiled: OpaquePointer, _ column: Int32) throws -> SQLValue {
        switch sqlite3_column_type(compiled, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(compiled, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(compiled, column))
        case SQLITE_TEXT:
            guard let text = sqlite3_column_text(compiled, column) else { return .text("") }
            return .text(String(cString: text))
        default:
            let name = String(cString: sqlite3_column_name(compiled, column))
            throw SQLError(code: SQLITE_MISMATCH, "the column \(name) holds bytes; read them as hex(\(name))")
        }
    }

    /// What in the schema is others'. Renaming a table is asked about by its old name alone, so that this has to be the
    /// same afterwards.
    func others(than prefix: String) throws -> [SQLRow] {
        try unguarded {
            let sql = """
                SELECT type, name, tbl_name, sql FROM sqlite_master
                WHERE NOT (substr(lower(tbl_name), 1, :count) = :prefix
                    AND (substr(lower(name), 1, :count) = :prefix OR name LIKE 'sqlite_autoindex_%'))
                    AND name NOT LIKE 'sqlite_s%' ORDER BY name
                """
            return try rows(SQLStatement(sql, [.integer(Int64(prefix.utf8.count)), .text(prefix)]))
        }
    }

    /// No table of the prefix refers to one that isn't: the service's rows could not be deleted any more.
    func checkReferences(prefix: String) throws {
        try unguarded {
            let tables = try rows(SQLStatement("SELECT name FROM sqlite_master WHERE type = 'table'"))
            for case .text(let table)? in tables.map(\.values.first) where table.lowercased().hasPrefix(prefix) {
                let references = try rows(
                    SQLStatement("SELECT \"table\" FROM pragma_foreign_key_list(?)", [.text(table)]))
                for case .text(let target)? in references.map(\.values.first)
                where !target.lowercased().hasPrefix(prefix) {
                    throw SQLError(
                        code: SQLITE_AUTH, "the table \(table) refers to \(target), which doesn't begin with \(prefix)")
                }
            }
        }
        // A view over another's table is only found out when it is read.
        let views = try unguarded {
            try rows(SQLStatement("SELECT name FROM sqlite_master WHERE type = 'view'"))
        }
        for case .text(let view)? in views.map(\.values.first) where view.lowercased().hasPrefix(prefix) {
            _ = try rows(SQLStatement("SELECT * FROM \"\(view.replacing("\"", with: "\"\""))\" LIMIT 0"))
        }
    }
}
