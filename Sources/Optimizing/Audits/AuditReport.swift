// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Optimization

/// What came of an audit, for people and for programs.
package struct AuditReport: Sendable {
    package var strategy: StrategyDeclaration
    package var parameters: JSONObject
    package var solution: Solution
    package var plan: ActionPlan
    /// Why actions would be refused by who carries them out, as for an instance whose ID is no UUID.
    package var problems: [String]
    /// What the decision lacked, and what the scope names and the model doesn't have.
    package var remarks: [String] = []
    /// Where metrics came from; nil for a file or none.
    package var datasource: String?
    /// How full each node is before and after; empty without a compute model.
    var loads: [NodeLoad] = []
    /// What ``loads`` tell of.
    var loadHeadings: [String] = []

    /// On one line.
    package var json: String {
        var report: JSONObject = [
            "strategy": .string(strategy.name), "goal": .string(strategy.goal), "parameters": .object(parameters),
            "state": .string(plan.state.rawValue),
            "actions": .array(
                plan.actions.enumerated().map { index, action in
                    [
                        "index": .integer(index), "action_type": .string(action.type),
                        "input_parameters": .object(action.parameters),
                        "parents": action.parents.map { .array($0.map(JSONValue.integer)) } ?? .null,
                    ]
                }),
            "efficacy_indicators": .object(
                JSONObject(solution.indicators.map { ($0.name, .real($0.value)) })),
            "global_efficacy": .array(
                solution.globalEfficacy.map {
                    ["name": .string($0.name), "unit": .string($0.unit), "value": .real($0.value)]
                }),
        ]
        if let datasource { report["datasource"] = .string(datasource) }
        if !problems.isEmpty { report["problems"] = .array(problems.map(JSONValue.string)) }
        if !remarks.isEmpty { report["remarks"] = .array(remarks.map(JSONValue.string)) }
        if solution.isExplaining {
            report["explanations"] = .array(
                solution.explanations.map { explanation in
                    [
                        "kind": .string(explanation.subject.kind.rawValue), "id": .string(explanation.subject.id),
                        "name": .string(explanation.subject.name),
                        "verdict": .string(explanation.verdict.rawValue), "reason": .string(explanation.reason),
                    ]
                })
        }
        return JSONValue.object(report).json
    }

    /// Of each node and instance why it was chosen, every time that it was; of one that never was the last reason why
    /// not. All of them, in the order in which they came up, are in ``json``.
    private var reasons: [Explanation] {
        var order: [Explanation.Subject] = []
        var bySubject: [Explanation.Subject: [Explanation]] = [:]
        for explanation in solution.explanations {
            guard let known = bySubject[explanation.subject] else {
                order.append(explanation.subject)
                bySubject[explanation.subject] = [explanation]
                continue
            }
            if known.last?.verdict == .rejected {
                bySubject[explanation.subject] = [explanation]
            } else if explanation.verdict == .chosen {
                bySubject[explanation.subject] = known + [explanation]
            }
        }
        return order.flatMap { bySubject[$0] ?? [] }
    }

    /// The plan as a table, the figures below it, and the reasons where they were asked for.
    package var text: String {
        var text = "\(strategy.displayName), goal \(strategy.goal): \(plan.actions.count) actions\n"
        for remark in remarks { text += "Note: \(remark)\n" }
        if !plan.actions.isEmpty {
            let rows = plan.actions.enumerated().map { index, action in
                [
                    String(index), action.type,
                    action.parameters["resource_name"]?.string ?? action.parameters["resource_id"]?.string ?? "",
                    action.details, action.parents.map { $0.summary } ?? "",
                ]
            }
            text += "\n" + TextTable.text([["#", "action", "of", "details", "after"]] + rows)
        }
        let figures = (solution.indicators + solution.globalEfficacy).map { figure in
            let isWhole = figure.value == figure.value.rounded() && abs(figure.value) < 1e15
            let value = isWhole ? String(Int(figure.value)) : String(figure.value)
            return [figure.name, value + (figure.unit.isEmpty ? "" : " \(figure.unit)")]
        }
        if !figures.isEmpty { text += "\n" + TextTable.text(figures) }
        if let first = problems.first {
            text += "\n\(problems.count) of these would be refused, the first because of \(first)\n"
        }
        if !solution.explanations.isEmpty {
            let rows = reasons.map { [$0.subject.kind.rawValue, $0.subject.name, $0.verdict.rawValue, $0.reason] }
            text += "\n" + TextTable.text(rows)
        }
        return text
    }
}

extension ActionPlan.PlannedAction {
    /// What it says beside its type and what it is about: `live a -> b`.
    var details: String {
        func text(_ name: String) -> String? { parameters[name]?.string }
        if type == Migrate.type {
            return
                "\(text("migration_type") ?? "") \(text("source_node") ?? "") -> \(text("destination_node") ?? "(scheduler)")"
        }
        return parameters.entries.filter { !["resource_id", "resource_name"].contains($0.key) }
            .map { "\($0.key)=\($0.value.string ?? $0.value.json)" }.joined(separator: " ")
    }
}

extension [Int] {
    /// `3-7, 9` rather than each of many.
    var summary: String {
        var parts: [String] = []
        var start: Int?
        for (index, number) in enumerated() {
            if start == nil { start = number }
            let isLast = index + 1 == count || self[index + 1] != number + 1
            if isLast, let first = start {
                parts.append(first == number ? "\(number)" : "\(first)-\(number)")
                start = nil
            }
        }
        return parts.joined(separator: ", ")
    }
}
