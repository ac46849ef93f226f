// SPDX-License-Identifier: Apache-2.0
internal import Foundation
package import GRDB
internal import Glibc

/// A service's own SQLite database.
package enum ServiceDatabase {
    /// Opens it, makes it where there is none, and brings its tables up to date. A commit is on the disk when it returns
    /// (`synchronous = FULL`): what somebody was told is stored survives a power cut. Blocks.
    ///
    /// - Parameters:
    ///   - label: what debuggers call its connections.
    ///   - patience: seconds that another process is waited for.
    ///   - prepare: done for each connection first.
    /// - Throws: ``DatabaseFault``, or SQLite's error.
    package static func open(
        _ path: String, label: String, patience: Int, _ migrator: DatabaseMigrator,
        prepare: (@Sendable (Database) throws -> Void)? = nil
    ) throws -> DatabasePool {
        // Nobody else may read it: SQLite gives its further files the same mode.
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DatabaseFault.unopened(path: path, reason: String(cString: strerror(errno))) }
        close(file)
        var configuration = Configuration()
        configuration.label = label
        configuration.busyMode = .timeout(Double(patience))
        if let prepare { configuration.prepareDatabase(prepare) }
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            do {
                return try upToDate(DatabasePool(path: path, configuration: configuration), migrator, path)
            } catch  where isPassing(error) && ContinuousClock.now < deadline {
                usleep(20_000)
            }
        }
    }

    private static func upToDate(
        _ pool: DatabasePool, _ migrator: DatabaseMigrator, _ path: String
    ) throws -> DatabasePool {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        guard try !pool.read(migrator.hasBeenSuperseded) else { throw DatabaseFault.newer(path: path) }
        try migrator.migrate(pool)
        return pool
    }

    /// Where somebody else looks at a new file, SQLite doesn't wait for them before it makes it one with a write-ahead
    /// log, and GRDB doesn't find that log where they take it away.
    private static func isPassing(_ error: any Error) -> Bool {
        if let error = error as? DatabaseError { return error.resultCode == .SQLITE_BUSY }
        return (error as? CocoaError)?.code == .fileReadNoSuchFile
    }
}
