// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
package import Telemetry

/// What an engine found when it looked for work.
package struct AuditClaim: Sendable {
    /// To be run now, by who asked.
    package var audits: [AuditRecord] = []
    /// What is to be logged: audits that are not run, and why.
    package var remarks: [String] = []
}

/// Who runs which audit: an engine takes one up with a lease, and renews that for as long as it works on it. Where it
/// ends without a word, another takes the audit up once the lease is over.
extension AuditStore {
    /// So many engines may end over one run before it is given up.
    private static let mostAttempts = 3

    /// Takes up audits that are due and nobody else's.
    ///
    /// - Parameters:
    ///   - owner: of which no two engines have the same.
    ///   - limit: the most of them.
    ///   - sparingLeases: leaves those alone whose lease has ended, as their engines had no time to renew it.
    package func claim(
        _ limit: Int, for owner: String, host: String, lease: Duration, sparingLeases: Bool = false,
        now: Timestamp = .now
    ) async throws -> AuditClaim {
        try await write { database in
            var claim = AuditClaim()
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM audit WHERE next_run <= ? AND state IN ('PENDING', 'ONGOING')
                        AND (lease IS NULL OR lease < ? AND owner <> ? AND NOT ?) ORDER BY next_run
                    """, arguments: [now.microseconds, now.microseconds, owner, sparingLeases])
            let busyPlan = try String.fetchOne(
                database, sql: "SELECT uuid FROM action_plan WHERE state IN ('ONGOING', 'CANCELLING') LIMIT 1")
            for row in rows where claim.audits.count < limit {
                var audit = try AuditRows.audit(row)
                if let end = audit.end, end < now {
                    try Self.settle(&audit, .succeeded, "its end_time has come", now, database)
                } else if let busyPlan, !audit.isForced {
                    let words = "action plan \(busyPlan) is being carried out"
                    if audit.kind == .continuous {
                        guard audit.message != "waits: \(words)" else { continue }
                        audit.message = "waits: \(words)"
                        try AuditRows.update(audit, database)
                    } else {
                        try Self.settle(&audit, .cancelled, words, now, database)
                    }
                    claim.remarks.append("audit \(audit.name) is not run: \(words)")
                } else if audit.attempts >= Self.mostAttempts {
                    let words = "\(audit.attempts) engines ended over run \(audit.run)"
                    claim.remarks.append("audit \(audit.name) is not run again: \(words)")
                    try Self.end(&audit, isPermanent: false, words, now, database)
                } else {
                    (audit.run, audit.attempts, audit.host, audit.state) = (
                        audit.run + 1, audit.attempts + 1, host, .ongoing
                    )
                    try database.execute(
                        sql: """
                            UPDATE audit SET state = 'ONGOING', owner = ?, lease = ?, run = ?, attempts = ?, host = ?,
                                updated = ? WHERE uuid = ?
                            """,
                        arguments: [
                            owner, (now + lease).microseconds, audit.run, audit.attempts, host, now.microseconds,
                            audit.uuid,
                        ])
                    claim.audits.append(audit)
                }
            }
            return claim
        }
    }

    /// Prolongs an engine's leases, and notes that it lives.
    ///
    /// - Returns: the UUIDs of the audits that are its own still.
    package func renew(
        _ owner: String, host: String, started: Timestamp, lease: Duration, now: Timestamp = .now
    ) async throws -> Set<String> {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO engine (id, host, started, seen) VALUES (?, ?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET seen = excluded.seen
                    """, arguments: [owner, host, started.microseconds, now.microseconds])
            try database.execute(
                sql: "UPDATE audit SET lease = ? WHERE owner = ?", arguments: [(now + lease).microseconds, owner])
            return try String.fetchSet(database, sql: "SELECT uuid FROM audit WHERE owner = ?", arguments: [owner])
        }
    }

    /// Gives back what an engine has begun and won't end: others may take it up at once.
    package func release(_ owner: String) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE audit SET owner = NULL, lease = NULL, attempts = max(0, attempts - 1) WHERE owner = ?
                    """, arguments: [owner])
            try database.execute(sql: "DELETE FROM engine WHERE id = ?", arguments: [owner])
        }
    }

    /// After the clock was set back: what was due soon by the clock as it was is due soon again, and no lease lasts longer
    /// than a lease may.
    ///
    /// - Returns: how many audits are due earlier than they were.
    package func bringForward(lease: Duration, now: Timestamp = .now) async throws -> Int {
        try await write { database in
            // An hour is the longest that an engine can ask for: that of an engine alive is longer again at once.
            try database.execute(
                sql: "UPDATE audit SET lease = ? WHERE lease > ?",
                arguments: [(now + lease).microseconds, (now + .seconds(3600) + AuditInterval.tolerance).microseconds])
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM audit WHERE next_run > ? AND state IN ('PENDING', 'ONGOING')",
                arguments: [(now + AuditInterval.tolerance).microseconds])
            return try rows.count { row in
                var audit = try AuditRows.audit(row)
                let interval = audit.kind == .continuous ? audit.interval.flatMap { AuditInterval($0) } : nil
                let due: Timestamp? =
                    if let interval {
                        audit.run > 0
                            ? interval.next(after: now, now: now)
                            : interval.first(from: max(now, audit.start ?? now))
                    } else {
                        now
                    }
                guard let due, let before = audit.nextRun, before > due + AuditInterval.tolerance else { return false }
                audit.nextRun = due
                try AuditRows.update(audit, database)
                return true
            }
        }
    }

    /// When the next audit is due; nil for none.
    ///
    /// - Parameter now: what was due then is left out: it waits for something else, such as the end of a plan.
    package func nextDue(after now: Timestamp) async throws -> Timestamp? {
        try await read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT min(next_run) FROM audit
                        WHERE state IN ('PENDING', 'ONGOING') AND lease IS NULL AND next_run > ?
                    """, arguments: [now.microseconds])
        }.map { Timestamp(microseconds: $0) }
    }
}
