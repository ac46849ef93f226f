// SPDX-License-Identifier: Apache-2.0
internal import Databases
internal import GRDB

/// Why the store could not do what it was asked.
package enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no room where the database is; what was asked can be tried again.
    case full(path: String)
    /// More waits to be stored than is kept in memory; what was asked can be tried again.
    case busy
    /// The database could not be read or written just now, with SQLite's words; it can be tried again.
    case failing(path: String, reason: String)
    /// What is in the file is no database of ours.
    case unusable(path: String, reason: String)
    /// Another process has it open.
    case inUse(path: String)

    init(_ error: any Error, path: String) {
        switch error as? DatabaseFault {
        case .unopened(let path, let reason): self = .failing(path: path, reason: reason)
        case .inUse(let path): self = .inUse(path: path)
        case .newer(let path): self = .unusable(path: path, reason: DatabaseFault.newerWords)
        case nil: self.init(ofSQLite: error, path: path)
        }
    }

    private init(ofSQLite error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = .failing(path: path, reason: "\(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self = .unusable(path: path, reason: error.message ?? error.resultCode.description)
        default:
            self = .failing(
                path: path, reason: "\(error.message ?? "no reason") (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    package var description: String {
        switch self {
        case .full(let path): "could not store: there is no room left for \(path)"
        case .busy: "could not store: too much is waiting to be stored"
        case .failing(let path, let reason): "could not use \(path): \(reason)"
        case .unusable(let path, let reason):
            "could not use \(path): \(reason); move it away, with its -wal and -shm, to begin with an empty one"
        case .inUse(let path): "could not open \(path): another process has it open"
        }
    }
}
