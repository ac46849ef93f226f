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

extension AuditStore {
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

    static func settle(
        _ audit: inout AuditRecord, _ state: AuditRecord.State, _ message: String?, _ now: Timestamp,
        _ database: Database
    ) throws {
        (audit.state, audit.message, audit.nextRun, audit.updated) = (state, message, nil, now)
        try AuditRows.update(audit, database)
    }

    /// After a run that failed: a continuous one tries again when its time comes, unless it can only fail.
    static func end(
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
