// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
package import Optimization
package import Telemetry

/// What came of one run of an audit.
package enum AuditOutcome: Sendable {
    /// - Parameter message: what was lacking, and what would be refused; nil where nothing is to be said.
    case planned(ActionPlan, efficacy: [EfficacyIndicator], globalEfficacy: [EfficacyIndicator], message: String?)
    /// - Parameter isPermanent: whether the next run can only fail as well, as of a strategy that isn't there.
    case failed(String, isPermanent: Bool)
}

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
    package func claim(
        _ limit: Int, for owner: String, host: String, lease: Duration, now: Timestamp = .now
    ) async throws -> AuditClaim {
        try await write { database in
            var claim = AuditClaim()
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM audit WHERE next_run <= ? AND state IN ('PENDING', 'ONGOING')
                        AND (lease IS NULL OR lease < ?) ORDER BY next_run
                    """, arguments: [now.microseconds, now.microseconds])
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

    /// When the next audit is due; nil for none.
    package func nextDue() async throws -> Timestamp? {
        try await read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT min(next_run) FROM audit WHERE state IN ('PENDING', 'ONGOING') AND lease IS NULL")
        }.map { Timestamp(microseconds: $0) }
    }

    /// Keeps what came of a run, and says when the audit runs next.
    ///
    /// - Parameter audit: as it was claimed.
    /// - Returns: the plan's UUID; nil where it failed.
    /// - Throws: ``AuditProblem`` of the kind conflict where the audit isn't this engine's any more, or nobody wants it
    ///   now: then nothing is kept.
    package func finish(
        _ audit: AuditRecord, of owner: String, _ outcome: AuditOutcome, now: Timestamp = .now
    ) async throws -> String? {
        let (plan, lost) = try await write { database -> (String?, String?) in
            guard
                let row = try Row.fetchOne(database, sql: "SELECT * FROM audit WHERE uuid = ?", arguments: [audit.uuid])
            else { return (nil, "it was deleted") }
            guard row["owner"] as String? == owner, row["run"] as Int == audit.run else {
                return (nil, "another engine took it up after the lease was over")
            }
            try database.execute(
                sql: "UPDATE audit SET owner = NULL, lease = NULL, attempts = 0 WHERE uuid = ?",
                arguments: [audit.uuid])
            var current = try AuditRows.audit(row)
            guard current.state == .ongoing else { return (nil, "it is \(current.state.rawValue) meanwhile") }
            // A webhook that was called during the run asks for another.
            let isAskedAgain = current.kind == .event && current.nextRun != audit.nextRun
            switch outcome {
            case .failed(let words, let isPermanent):
                if isAskedAgain, !isPermanent {
                    try Self.advance(&current, .pending, words, now, database)
                    return (nil, nil)
                }
                try Self.end(&current, isPermanent: isPermanent, words, now, database)
                return (nil, nil)
            case .planned(let plan, let efficacy, let globalEfficacy, let message):
                if current.kind == .continuous {
                    try database.execute(
                        sql: """
                            UPDATE action_plan SET state = 'CANCELLED', message = ?, updated = ?
                            WHERE audit = ? AND state = 'RECOMMENDED'
                            """,
                        arguments: ["the audit's next run made a newer one", now.microseconds, audit.uuid])
                }
                let kept = Self.records(plan, efficacy, globalEfficacy, message, of: audit, now)
                try PlanRows.insert(kept.plan, kept.actions, database)
                try Self.advance(&current, isAskedAgain ? .pending : .succeeded, nil, now, database)
                return (kept.plan.uuid, nil)
            }
        }
        if let lost { throw AuditProblem(.conflict, lost) }
        return plan
    }

    // MARK: Workings

    private static func settle(
        _ audit: inout AuditRecord, _ state: AuditRecord.State, _ message: String?, _ now: Timestamp,
        _ database: Database
    ) throws {
        (audit.state, audit.message, audit.nextRun, audit.updated) = (state, message, nil, now)
        try AuditRows.update(audit, database)
    }

    /// After a run that failed: a continuous one tries again when its time comes, unless it can only fail.
    private static func end(
        _ audit: inout AuditRecord, isPermanent: Bool, _ words: String, _ now: Timestamp, _ database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE audit SET owner = NULL, lease = NULL, attempts = 0 WHERE uuid = ?", arguments: [audit.uuid])
        if isPermanent || audit.kind != .continuous {
            try settle(&audit, .failed, words, now, database)
        } else {
            try advance(&audit, .failed, words, now, database)
        }
    }

    /// - Parameter ending: what one is that doesn't run again.
    private static func advance(
        _ audit: inout AuditRecord, _ ending: AuditRecord.State, _ message: String?, _ now: Timestamp,
        _ database: Database
    ) throws {
        guard audit.kind == .continuous else {
            let next = ending == .pending ? audit.nextRun : nil
            try settle(&audit, ending, message, now, database)
            guard let next else { return }
            audit.nextRun = next
            return try AuditRows.update(audit, database)
        }
        let next = audit.interval.flatMap { AuditInterval($0) }?.next(after: audit.nextRun ?? now, now: now)
        guard let next, audit.end.map({ next <= $0 }) ?? true else {
            return try settle(&audit, ending, message ?? "its end_time comes before the next run", now, database)
        }
        (audit.message, audit.nextRun, audit.updated) = (message, next, now)
        try AuditRows.update(audit, database)
    }

    private static func records(
        _ plan: ActionPlan, _ efficacy: [EfficacyIndicator], _ globalEfficacy: [EfficacyIndicator], _ message: String?,
        of audit: AuditRecord, _ now: Timestamp
    ) -> (plan: PlanRecord, actions: [ActionRecord]) {
        func list(_ indicators: [EfficacyIndicator]) -> JSONValue {
            .array(
                indicators.map {
                    ["name": .string($0.name), "unit": .string($0.unit), "value": .real($0.value)]
                })
        }
        let record = PlanRecord(
            uuid: makeUUID(), audit: audit.uuid, state: plan.actions.isEmpty ? .succeeded : .recommended,
            strategy: audit.strategy, efficacy: list(efficacy), globalEfficacy: list(globalEfficacy),
            message: message, host: audit.host, created: now)
        let ids = plan.actions.map { _ in makeUUID() }
        let actions = zip(ids, plan.actions).map { id, action in
            ActionRecord(
                uuid: id, plan: record.uuid, type: action.type, parameters: action.parameters,
                parents: action.parents?.map { ids[$0] }, created: now)
        }
        return (record, actions)
    }
}
