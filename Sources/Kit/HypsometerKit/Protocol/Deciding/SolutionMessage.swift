// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Optimization

/// A strategy's answer.
package enum SolutionMessage {
    package static func value(_ solution: Solution) -> WireValue {
        .object([
            "actions": .array(
                solution.actions.map { action in
                    var parameters = action.parameters
                    parameters["resource_id"] = nil
                    return .object([
                        "action_type": .string(action.type), "resource_id": .text(action.resourceID),
                        "input_parameters": WireValue(parameters),
                    ])
                }),
            "efficacy_indicators": .object(
                solution.indicators.map { WireValue.Entry($0.name, .real($0.value)) }),
            "explanations": solution.explanations.isEmpty
                ? nil : .array(solution.explanations.map(\.message)),
        ])
    }

    package static func solution(_ value: WireValue, isExplaining: Bool) throws(WireError) -> Solution {
        guard case .object = value else { throw WireError("result", found: value.shown, allowed: "an object") }
        guard case .array(let items)? = value["actions"], items.count <= PluginProtocol.mostItems else {
            throw WireError(
                "actions", found: value["actions"]?.shown ?? "nothing",
                allowed: "a list of at most \(PluginProtocol.mostItems)")
        }
        let actions = try value.list("actions") { item throws(WireError) in
            (
                type: try item.text("action_type"), resourceID: try item.optionalText("resource_id"),
                parameters: try item.jsonObject("input_parameters")
            )
        }
        var solution = Solution(isExplaining: isExplaining)
        for action in actions {
            do throws(OptimizationError) {
                try solution.add(type: action.type, parameters: action.parameters, resourceID: action.resourceID)
            } catch {
                throw WireError("actions", found: "resource_id among input_parameters", allowed: "\(error)")
            }
        }
        if case .object(let entries)? = value["efficacy_indicators"] {
            for entry in entries {
                let figure = try value["efficacy_indicators"]?.number(entry.key) ?? 0
                guard figure.isFinite else {
                    throw WireError("efficacy_indicators", found: "\(figure)", allowed: "finite numbers")
                }
                solution.indicators.append(EfficacyIndicator(entry.key, figure))
            }
        }
        let explanations = try value.list("explanations") { item throws(WireError) in
            try Explanation(message: item)
        }
        for explanation in explanations {
            solution.explain(explanation.subject, explanation.verdict, explanation.reason)
        }
        return solution
    }
}

extension Explanation {
    fileprivate init(message value: WireValue) throws(WireError) {
        let kind = try value.text("kind")
        let verdict = try value.text("verdict")
        guard let kind = Subject.Kind(rawValue: kind) else {
            throw WireError(
                "kind", found: WireValue.string(kind).shown, allowed: "node, instance, pool, volume, cluster")
        }
        guard let verdict = Verdict(rawValue: verdict) else {
            throw WireError("verdict", found: WireValue.string(verdict).shown, allowed: "chosen, rejected")
        }
        self.init(
            subject: Subject(kind, id: try value.optionalText("id") ?? "", name: try value.optionalText("name")),
            verdict: verdict, reason: try value.text("reason"))
    }

    fileprivate var message: WireValue {
        .object([
            "kind": .string(subject.kind.rawValue), "id": .string(subject.id), "name": .string(subject.name),
            "verdict": .string(verdict.rawValue), "reason": .string(reason),
        ])
    }
}
