// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Optimization

/// The call of a planner, and its answer.
package enum PlanMessage {
    package static func value(_ actions: [Solution.ProposedAction]) -> [WireValue] {
        actions.map { .object(["action_type": .string($0.type), "input_parameters": WireValue($0.parameters)]) }
    }

    package static func actions(_ value: WireValue) throws(WireError) -> [Solution.ProposedAction] {
        try value.list("actions") { item throws(WireError) in
            Solution.ProposedAction(
                type: try item.text("action_type"), parameters: try item.jsonObject("input_parameters"))
        }
    }

    package static func value(_ plan: ActionPlan) -> WireValue {
        .object([
            "actions": .array(
                plan.actions.map { action in
                    .object([
                        "action_type": .string(action.type), "input_parameters": WireValue(action.parameters),
                        "parents": action.parents.map { .array($0.map { .integer(Int128($0)) }) } ?? .null,
                    ])
                })
        ])
    }

    /// - Parameter proposed: a plan holds some or all of them, each once; none waits for a later one.
    package static func plan(
        _ value: WireValue, of proposed: [Solution.ProposedAction]
    ) throws(WireError) -> ActionPlan {
        guard case .array? = value["actions"] else {
            throw WireError("actions", found: value["actions"]?.shown ?? "nothing", allowed: "a list")
        }
        var left = Set(proposed)
        var index = -1
        return ActionPlan(
            actions: try value.list("actions") { item throws(WireError) in
                index += 1
                let action = Solution.ProposedAction(
                    type: try item.text("action_type"), parameters: try item.jsonObject("input_parameters"))
                guard left.remove(action) != nil else {
                    throw WireError(
                        "", found: "\(action.type) \(action.resourceID ?? "")",
                        allowed: "each of the actions that were proposed, once")
                }
                guard item["parents"] != nil, item["parents"] != .null else { return .init(action, parents: nil) }
                let parents = try item.list("parents") { parent throws(WireError) in
                    guard case .integer(let place) = parent, (0..<Int128(index)).contains(place) else {
                        throw WireError("", found: parent.shown, allowed: "places of earlier actions")
                    }
                    return Int(place)
                }
                return .init(action, parents: parents)
            })
    }
}
