// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Digests
internal import Optimization
internal import Telemetry

/// Audits, plans, goals and strategies as Watcher's API shows them.
enum WatcherShapes {
    /// - Parameter base: what links begin with: `http://host:port`.
    static func audit(_ audit: AuditRecord, _ catalog: AuditCatalog, _ base: String) -> JSONValue {
        [
            "uuid": .string(audit.uuid), "name": .string(audit.name), "audit_type": .string(audit.kind.rawValue),
            "state": .string(audit.state.rawValue), "goal_uuid": .string(id(ofGoal: audit.goal)),
            "goal_name": .string(audit.goal), "strategy_uuid": .string(id(ofStrategy: audit.strategy)),
            "strategy_name": .string(audit.strategy), "parameters": .object(audit.parameters), "scope": audit.scope,
            "interval": text(audit.interval), "auto_trigger": false, "force": .bool(audit.isForced),
            "next_run_time": time(audit.nextRun), "start_time": time(audit.start), "end_time": time(audit.end),
            "hostname": text(audit.host), "status_message": text(audit.message), "created_at": time(audit.created),
            "updated_at": time(audit.updated), "deleted_at": time(audit.deleted),
            "links": links("audits", audit.uuid, base),
        ]
    }

    static func plan(_ plan: PlanRecord, _ base: String) -> JSONValue {
        [
            "uuid": .string(plan.uuid), "audit_uuid": .string(plan.audit), "state": .string(plan.state.rawValue),
            "strategy_uuid": .string(id(ofStrategy: plan.strategy)), "strategy_name": .string(plan.strategy),
            "efficacy_indicators": plan.efficacy, "global_efficacy": plan.globalEfficacy,
            "status_message": text(plan.message), "hostname": text(plan.host), "created_at": time(plan.created),
            "updated_at": time(plan.updated), "deleted_at": time(plan.deleted),
            "links": links("action_plans", plan.uuid, base),
        ]
    }

    static func action(_ action: ActionRecord, _ base: String) -> JSONValue {
        [
            "uuid": .string(action.uuid), "action_plan_uuid": .string(action.plan),
            "action_type": .string(action.type), "input_parameters": .object(action.parameters),
            "parents": action.parents.map { .array($0.map { .string($0) }) } ?? .null,
            "state": .string(action.state.rawValue), "status_message": text(action.message),
            "created_at": time(action.created), "updated_at": time(action.updated), "deleted_at": .null,
            "links": links("actions", action.uuid, base),
        ]
    }

    static func goal(_ goal: Goal, _ base: String) -> JSONValue {
        let id = id(ofGoal: goal.name)
        return [
            "uuid": .string(id), "name": .string(goal.name), "display_name": .string(goal.displayName),
            "efficacy_specification": .array(
                goal.indicators.map { indicator in
                    [
                        "name": .string(indicator.name), "unit": .null,
                        "schema": indicator.kind == .count ? "a whole number from 0" : "a number from 0",
                    ]
                }),
            "links": links("goals", id, base),
        ]
    }

    static func strategy(_ declaration: StrategyDeclaration, _ base: String) -> JSONValue {
        let id = id(ofStrategy: declaration.name)
        return [
            "uuid": .string(id), "name": .string(declaration.name), "display_name": .string(declaration.displayName),
            "goal_uuid": .string(Self.id(ofGoal: declaration.goal)), "goal_name": .string(declaration.goal),
            "parameters_spec": [
                "properties": .object(
                    JSONObject(
                        declaration.parameters.map { parameter in
                            (
                                parameter.name,
                                [
                                    "description": .string(parameter.help),
                                    "allowed": .string(parameter.kind.allowed),
                                    "default": parameter.fallback ?? .null,
                                ] as JSONValue
                            )
                        }))
            ],
            "links": links("strategies", id, base),
        ]
    }

    static func time(_ instant: Timestamp?) -> JSONValue { instant.map { .string("\($0)+00:00") } ?? .null }
    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    static func id(ofGoal name: String) -> String { uuid("goal", name) }
    static func id(ofStrategy name: String) -> String { uuid("strategy", name) }

    /// Made of the name, so that it is the same in every engine and at every start.
    private static func uuid(_ kind: String, _ name: String) -> String {
        var bytes = Array(SHA256.digest(of: Array("hypsometer/\(kind)/\(name)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(bytes.hexadecimal)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func links(_ kind: String, _ id: String, _ base: String) -> JSONValue {
        [
            ["rel": "self", "href": .string("\(base)/v1/\(kind)/\(id)")],
            ["rel": "bookmark", "href": .string("\(base)/\(kind)/\(id)")],
        ]
    }
}
