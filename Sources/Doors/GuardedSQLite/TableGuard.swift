// SPDX-License-Identifier: Apache-2.0
internal import GRDBSQLite
internal import Synchronization

/// Decides, for each thing that a statement would do, whether it is one's own. SQLite asks while it compiles a
/// statement, and then for what its triggers and views would do.
final class TableGuard: Sendable {
    private struct State {
        /// Whether tables may be made and changed.
        var allowsSchema = false
        var allowsTransaction = false
        /// What the last statement was not allowed.
        var refusal: String?
    }

    let prefix: String
    private let state = Mutex(State())

    /// What a statement may do beside its tables: no pragma writes, no other file, no file access.
    private static let schemaActions: Set<Int32> = [
        SQLITE_CREATE_INDEX, SQLITE_CREATE_TABLE, SQLITE_CREATE_TRIGGER, SQLITE_CREATE_VIEW, SQLITE_DROP_INDEX,
        SQLITE_DROP_TABLE, SQLITE_DROP_TRIGGER, SQLITE_DROP_VIEW, SQLITE_ALTER_TABLE, SQLITE_REINDEX, SQLITE_ANALYZE,
    ]
    private static let schemaTables: Set<String> = [
        "sqlite_master", "sqlite_schema", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4",
        "sqlite_temp_master", "sqlite_temp_schema",
    ]
    private static let forbiddenFunctions: Set<String> = ["load_extension", "readfile", "writefile", "fts3_tokenizer"]

    init(prefix: String) { self.prefix = prefix.lowercased() }

    func set(allowsSchema: Bool) {
        state.withLock {
            $0.allowsSchema = allowsSchema
            $0.refusal = nil
        }
    }

    func asTransaction<Value>(_ body: () throws -> Value) rethrows -> Value {
        state.withLock { $0.allowsTransaction = true }
        defer { state.withLock { $0.allowsTransaction = false } }
        return try body()
    }

    func takeRefusal() -> String? {
        state.withLock { state in
            defer { state.refusal = nil }
            return state.refusal
        }
    }

    func allows(_ action: Int32, _ first: String?, _ second: String?) -> Bool {
        state.withLock { state in
            let refusal = refusal(action, first, second, state)
            if let refusal, state.refusal == nil { state.refusal = refusal }
            return refusal == nil
        }
    }

    /// Where the service notes which steps were taken.
    private var versions: String { prefix + "schema_version" }

    private func isOwn(_ name: String?) -> Bool { name?.lowercased().hasPrefix(prefix) == true }

    private func refusal(_ action: Int32, _ first: String?, _ second: String?, _ state: State) -> String? {
        func own(_ name: String?, _ what: String) -> String? {
            isOwn(name) ? nil : "\(what) \(name ?? "") doesn't begin with \(prefix)"
        }
        if Self.schemaActions.contains(action), !state.allowsSchema {
            return "tables may be made and changed by migrations alone"
        }
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return nil
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
            return state.allowsTransaction ? nil : "a transaction is begun and ended by the service"
        case SQLITE_FUNCTION:
            let name = second?.lowercased() ?? ""
            return Self.forbiddenFunctions.contains(name) ? "the function \(name) may not be used" : nil
        case SQLITE_READ, SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            let name = first?.lowercased() ?? ""
            // Making a table writes into the schema; SQLite itself lets nobody else do so.
            if Self.schemaTables.contains(name) {
                if state.allowsSchema { return nil }
                if action != SQLITE_READ { return "tables may be made and changed by migrations alone" }
            }
            if action != SQLITE_READ, name == versions { return "the table \(name) is the service's" }
            return name.isEmpty ? nil : own(first, "the table")
        case SQLITE_CREATE_INDEX, SQLITE_DROP_INDEX, SQLITE_CREATE_TRIGGER, SQLITE_DROP_TRIGGER:
            let what = action == SQLITE_CREATE_INDEX || action == SQLITE_DROP_INDEX ? "the index" : "the trigger"
            // Those of a UNIQUE are called sqlite_autoindex_….
            let isAutomatic = first?.lowercased().hasPrefix("sqlite_autoindex_") == true
            return (isAutomatic ? nil : own(first, what)) ?? own(second, "the table")
        case SQLITE_CREATE_TABLE, SQLITE_DROP_TABLE:
            let name = first?.lowercased() ?? ""
            if name == versions { return "the table \(name) is the service's" }
            return Self.schemaTables.contains(name) ? nil : own(first, "the table")
        case SQLITE_CREATE_VIEW, SQLITE_DROP_VIEW: return own(first, "the view")
        case SQLITE_ALTER_TABLE:
            return second?.lowercased() == versions
                ? "the table \(versions) is the service's" : own(second, "the table")
        case SQLITE_REINDEX, SQLITE_ANALYZE: return own(first, "the table")
        case SQLITE_PRAGMA: return "PRAGMA \(first ?? "") may not be used"
        case SQLITE_ATTACH, SQLITE_DETACH: return "other databases may not be used"
        case SQLITE_CREATE_VTABLE, SQLITE_DROP_VTABLE: return "virtual tables may not be used"
        default: return "temporary tables, indexes, views and triggers may not be used"
        }
    }
}
