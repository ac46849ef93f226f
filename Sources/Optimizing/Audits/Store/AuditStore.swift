// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Foundation
internal import GRDB
package import Telemetry

/// Audits, plans and actions in one SQLite database, which several engines of this host may work on.
package final class AuditStore: Sendable {
    private let pool: DatabasePool

    private init(_ pool: DatabasePool) { self.pool = pool }

    /// - Throws: ``AuditProblem`` where the database can't be opened or used.
    package static func open(_ path: String) async throws -> AuditStore {
        let result: Result<AuditStore, any Error> = await offPool {
            Result { AuditStore(try AuditDatabase.open(path)) }
        }
        return try result.get()
    }

    package func close() throws { try pool.close() }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch let error as DatabaseError { throw Self.problem(error) }
    }

    /// Others see all of it or nothing.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.write(body) } catch let error as DatabaseError { throw Self.problem(error) }
    }

    static func makeUUID() -> String { UUID().uuidString.lowercased() }

    private static func problem(_ error: DatabaseError) -> any Error {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: AuditProblem(.busy, "The database is busy; try again.")
        case .SQLITE_FULL: AuditProblem(.busy, "There is no room left for the database.")
        default: error
        }
    }

    // MARK: Upkeep

    /// Takes plans that nobody wanted in time out of the way, and deletes what ended long ago.
    ///
    /// - Parameters:
    ///   - expiry: how long a plan waits for an operator.
    ///   - retention: how long what has ended is kept.
    /// - Returns: how many plans expired.
    package func sweep(expiry: Duration, retention: Duration, now: Timestamp = .now) async throws -> Int {
        let (oldest, last) = (now - expiry, now - retention)
        return try await write { database in
            let words =
                "it waited longer than [watcher_decision_engine] action_plan_expiry; the cluster may have changed"
            try database.execute(
                sql: """
                    UPDATE action_plan SET state = 'SUPERSEDED', message = ?, updated = ?
                    WHERE state = 'RECOMMENDED' AND created < ?
                    """, arguments: [words, now.microseconds, oldest.microseconds])
            let expired = database.changesCount
            try database.execute(
                sql: """
                    DELETE FROM action_plan WHERE coalesce(deleted, updated, created) < ?
                        AND state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SUPERSEDED', 'DELETED')
                    """, arguments: [last.microseconds])
            try database.execute(
                sql: """
                    DELETE FROM audit WHERE coalesce(deleted, updated, created) < ?
                        AND state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'DELETED')
                        AND NOT EXISTS (SELECT 1 FROM action_plan WHERE action_plan.audit = audit.uuid)
                    """, arguments: [last.microseconds])
            try database.execute(
                sql: "DELETE FROM engine WHERE seen < ?", arguments: [(now - .seconds(86_400)).microseconds])
            return expired
        }
    }
}

extension Timestamp {
    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: instant.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    package static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        instant + (.zero - duration)
    }
}
