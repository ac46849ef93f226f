// SPDX-License-Identifier: Apache-2.0

/// What a column holds, or an argument stands for.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
}

/// A row: the names of its columns, in their order, and what they hold.
package struct SQLRow: Sendable, Hashable {
    package var columns: [String]
    package var values: [SQLValue]

    package init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }
}

package struct SQLStatement: Sendable, Hashable {
    package var sql: String
    /// One for each `?`.
    package var arguments: [SQLValue]

    package init(_ sql: String, _ arguments: [SQLValue] = []) {
        self.sql = sql
        self.arguments = arguments
    }
}

/// Why a statement was not carried out.
package struct SQLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// SQLite's result code; its extended one where it tells more.
    package var code: Int32
    package var description: String

    /// Whether others write for too long; the same may pass in a while.
    package var isBusy: Bool { code & 0xFF == 5 || code & 0xFF == 6 }
    /// Whether it names another's table, or does something else that is never allowed.
    package var isRefusal: Bool { code & 0xFF == 23 }

    package init(code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }
}
