// SPDX-License-Identifier: Apache-2.0
internal import GRDB

/// Why the spool could not be read or written.
package struct SpoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What we were doing, after "could not": `store samples in /var/lib/hypsometer/spool.db`.
    var action: String
    /// In SQLite's words.
    var reason: String
    /// SQLite's extended result code; nil where the error is not its.
    var code: Int32?

    init(_ action: String, _ error: any Error) {
        self.action = action
        if let error = error as? DatabaseError {
            reason = error.message ?? "\(error.extendedResultCode)"
            code = error.extendedResultCode.rawValue
        } else {
            reason = "\(error)"
        }
    }

    init(_ action: String, reason: String) {
        self.action = action
        self.reason = reason
    }

    /// Whether the file is no database, or a broken one.
    var isDamage: Bool { code.map { [11, 26].contains($0 & 0xFF) } ?? false }  // SQLITE_CORRUPT, SQLITE_NOTADB

    /// Whether another process has it.
    var isBusy: Bool { code.map { [5, 6].contains($0 & 0xFF) } ?? false }  // SQLITE_BUSY, SQLITE_LOCKED

    package var description: String {
        "could not \(action): \(reason)" + (code.map { " (SQLite error \($0))" } ?? "")
    }
}
