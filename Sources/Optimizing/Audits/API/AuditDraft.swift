// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization
internal import Settings
internal import Telemetry

/// Makes audits of what clients say, and changes them; all that can be wrong is said before anything is kept.
struct AuditDraft: Sendable {
    let runner: AuditRunner

    private static let names = [
        "audit_type", "auto_trigger", "end_time", "force", "goal", "interval", "name", "parameters", "scope",
        "start_time", "strategy",
    ]
    private static let changeable = [
        "end_time", "force", "interval", "name", "parameters", "scope", "start_time", "state",
    ]

    /// - Parameter body: as Watcher's POST takes it.
    func make(_ body: JSONValue, now: Timestamp = .now) throws -> AuditRecord {
        let fields = try AuditFields(body, names: Self.names)
        guard let kind = try fields.word("audit_type", AuditRecord.Kind.self) else {
            throw AuditProblem(.invalid, "The field audit_type is missing; allowed: ONESHOT, CONTINUOUS, EVENT.")
        }
        if try fields.flag("auto_trigger") == true {
            throw AuditProblem(
                .invalid,
                "The field auto_trigger is true; allowed: false. This service changes nothing: it recommends plans, and "
                    + "keeps what whoever carries them out tells of them.")
        }
        let (goal, declaration) = try strategy(try fields.text("goal"), try fields.text("strategy"))
        var audit = AuditRecord(
            uuid: AuditStore.makeUUID(), name: try fields.text("name") ?? "\(declaration.name)-\(now)", kind: kind,
            goal: goal, strategy: declaration.name, created: now)
        try set(fields, in: &audit, declaration, now)
        audit.nextRun = kind == .oneshot ? now : first(of: audit, now)
        return audit
    }

    /// - Parameter patch: as RFC 6902 has it: a list of objects with op, path and value.
    func change(_ audit: inout AuditRecord, by patch: JSONValue, now: Timestamp = .now) throws {
        let fields = try Self.fields(patch, Self.changeable)
        let before = audit
        if let name = try fields.text("name") { audit.name = name }
        let strategy = runner.catalog.strategies.first { $0.declaration.name == audit.strategy }
        guard let declaration = strategy?.declaration else {
            throw AuditProblem(.conflict, "Its strategy \(audit.strategy) isn't there any more.")
        }
        try set(fields, in: &audit, declaration, now)
        if let state = try fields.word("state", AuditRecord.State.self) { audit.state = state }
        let isBack = before.state == .suspended && audit.state == .ongoing
        if audit.interval != before.interval || audit.start != before.start || isBack {
            // The next run keeps off the one that was: a new interval counts from now.
            let isBegun = audit.run > 0 && audit.start == before.start && !isBack
            let interval = audit.interval.flatMap { AuditInterval($0) }
            audit.nextRun = isBegun ? interval?.next(after: now, now: now) : first(of: audit, now)
        }
    }

    /// The fields that a patch sets; null for those that it removes.
    static func fields(_ patch: JSONValue, _ names: [String]) throws -> AuditFields {
        guard let steps = patch.array else {
            throw AuditProblem(
                .invalid,
                #"The body is no JSON patch; allowed: a list such as [{"op": "replace", "path": "/state", "value": "…"}]."#
            )
        }
        var object: JSONObject = [:]
        for step in steps {
            let step = try AuditFields(step, names: ["op", "path", "value"])
            guard let path = try step.text("path"), path.hasPrefix("/") else {
                throw AuditProblem(.invalid, "A step of the patch has no path; allowed: / and a field's name.")
            }
            let name = String(path.dropFirst())
            try AuditFields.check(name, names)
            switch try step.word("op", Operation.self) {
            case .add?, .replace?: object[name] = step.raw("value") ?? .null
            case .remove?: object[name] = .null
            case nil: throw AuditProblem(.invalid, "A step of the patch has no op; allowed: add, replace, remove.")
            }
        }
        return try AuditFields(.object(object), names: names)
    }

    private enum Operation: String, CaseIterable { case add, replace, remove }

    // MARK: Workings

    private func strategy(
        _ goal: String?, _ strategy: String?
    ) throws -> (goal: String, declaration: StrategyDeclaration) {
        let catalog = runner.catalog
        let goalName = goal.map { goal in
            catalog.goals.first { WatcherShapes.id(ofGoal: $0.name) == goal }?.name ?? goal
        }
        let strategyName = strategy.map { strategy in
            catalog.strategies.map(\.declaration.name).first { WatcherShapes.id(ofStrategy: $0) == strategy }
                ?? strategy
        }
        do {
            if let strategyName {
                let declaration = try catalog.strategy(named: strategyName, at: .init("request"), "strategy")
                    .declaration
                if let goalName, goalName != declaration.goal, catalog.mappedGoals[goalName] != declaration.name {
                    throw AuditProblem(
                        .invalid,
                        "The strategy \(declaration.name) serves the goal \(declaration.goal), not \(goalName).")
                }
                return (goalName ?? declaration.goal, declaration)
            }
            guard let goalName else {
                throw AuditProblem(.invalid, "Neither goal nor strategy is given; allowed: either, or both.")
            }
            return (goalName, try catalog.strategy(forGoal: goalName, at: .init("request"), "goal").declaration)
        } catch let mistake as Mistake {
            throw AuditProblem(.invalid, "\(mistake)")
        }
    }

    /// What a new audit and a changed one have in common.
    private func set(
        _ fields: AuditFields, in audit: inout AuditRecord, _ declaration: StrategyDeclaration, _ now: Timestamp
    ) throws {
        if let force = try fields.flag("force") { audit.isForced = force }
        if let parameters = try fields.object("parameters") { audit.parameters = parameters }
        if fields.isNull("parameters") { audit.parameters = [:] }
        do { _ = try declaration.parameters.effective(audit.parameters) } catch {
            throw AuditProblem(.invalid, "\(error)")
        }
        if let scope = try fields.list("scope") { audit.scope = scope }
        if fields.isNull("scope") { audit.scope = [] }
        do { try runner.checkScope(audit.scope) } catch { throw AuditProblem(.invalid, "\(error)") }

        if let interval = try fields.interval("interval") { audit.interval = interval }
        if fields.isNull("interval") { audit.interval = nil }
        if let start = try fields.time("start_time") { audit.start = start }
        if fields.isNull("start_time") { audit.start = nil }
        let end = try fields.time("end_time")
        if let end { audit.end = end }
        if fields.isNull("end_time") { audit.end = nil }
        if audit.kind == .continuous {
            guard audit.interval != nil else {
                throw AuditProblem(
                    .invalid, "A CONTINUOUS audit needs the field interval; allowed: \(AuditInterval.allowed).")
            }
        } else if audit.interval != nil || audit.start != nil || audit.end != nil {
            throw AuditProblem(
                .invalid,
                "interval, start_time and end_time are for CONTINUOUS audits; this one is \(audit.kind.rawValue).")
        }
        if let end = audit.end, end <= audit.start ?? end - .seconds(1) {
            throw AuditProblem(.invalid, "The field end_time is not after start_time.")
        }
        if let end, end <= now { throw AuditProblem(.invalid, "The field end_time is past.") }
    }

    private func first(of audit: AuditRecord, _ now: Timestamp) -> Timestamp? {
        audit.interval.flatMap { AuditInterval($0) }?.first(from: max(now, audit.start ?? now))
    }
}
