// SPDX-License-Identifier: Apache-2.0
internal import GRDB
package import Telemetry

/// What clients ask of plans, and what whoever carries them out tells of them.
extension AuditStore {
    package func plans(_ page: Page = Page()) async throws -> [PlanRecord] {
        try await read { database in try page.rows("action_plan", database).map { try PlanRows.plan($0) } }
    }

    package func plan(_ id: String) async throws -> PlanRecord { try await read { try PlanRows.find(id, $0) } }

    package func actions(_ page: Page = Page()) async throws -> [ActionRecord] {
        try await read { database in try page.rows("action", database).map { try PlanRows.action($0) } }
    }

    package func actions(of plan: String) async throws -> [ActionRecord] {
        try await read { try PlanRows.actions(of: plan, $0) }
    }

    package func action(_ id: String) async throws -> ActionRecord {
        try await read { try PlanRows.findAction(id, $0) }
    }

    /// Takes a plan to a state that may follow its own.
    package func setPlan(
        _ id: String, to state: PlanRecord.State, message: String? = nil, now: Timestamp = .now
    ) async throws -> PlanRecord {
        try await write { database in
            var plan = try PlanRows.find(id, database)
            guard plan.state.successors.contains(state) else {
                throw Self.refusal("action plan", plan.state.rawValue, plan.state.successors.map(\.rawValue))
            }
            (plan.state, plan.updated) = (state, now)
            if let message { plan.message = message }
            if state == .deleted { plan.deleted = now }
            try PlanRows.set(plan, database)
            // What was not done by then won't be.
            if state == .cancelled {
                try database.execute(
                    sql: "UPDATE action SET state = 'CANCELLED', updated = ? WHERE plan = ? AND state = 'PENDING'",
                    arguments: [now.microseconds, plan.uuid])
            }
            return plan
        }
    }

    /// Takes an action to a state that may follow its own, and its plan with it: the first that is begun begins the
    /// plan, the last that ends ends it, FAILED where one failed.
    package func setAction(
        _ id: String, to state: ActionRecord.State, message: String? = nil, now: Timestamp = .now
    ) async throws -> ActionRecord {
        try await write { database in
            var action = try PlanRows.findAction(id, database)
            var plan = try PlanRows.find(action.plan, database)
            guard !plan.state.isFinal else {
                throw AuditProblem(.conflict, "Its action plan is \(plan.state.rawValue).")
            }
            guard action.state.successors.contains(state) else {
                throw Self.refusal("action", action.state.rawValue, action.state.successors.map(\.rawValue))
            }
            (action.state, action.updated) = (state, now)
            if let message { action.message = message }
            try PlanRows.set(action, database)
            // Leaving one out is no beginning.
            let begins = state != .skipped && (plan.state == .recommended || plan.state == .pending)
            if begins { plan.state = .ongoing }
            let all = try PlanRows.actions(of: plan.uuid, database)
            if plan.state == .ongoing, all.allSatisfy(\.state.isFinal) {
                plan.state = all.contains { $0.state == .failed } ? .failed : .succeeded
                let skipped = all.count { $0.state == .skipped }
                if skipped > 0 { plan.message = "\(skipped) of \(all.count) actions were skipped" }
            }
            plan.updated = now
            try PlanRows.set(plan, database)
            return action
        }
    }
}
