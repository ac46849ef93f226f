// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
package import Optimization

/// A planner behind the protocol.
package struct PluginPlanner: Planner {
    package let name: String
    /// What an operator may set for it.
    package let options: [Parameter]
    private let slot: PluginSlot

    init(_ slot: PluginSlot, name: String, options: [Parameter]) {
        self.slot = slot
        self.name = name
        self.options = options
    }

    package func plan(_ actions: [Solution.ProposedAction]) async throws -> ActionPlan {
        let call = WireValue.object([
            "namespace": .string(EntryPoint.planners), "name": .string(name),
            "actions": .array(PlanMessage.value(actions)),
        ])
        do {
            return try PlanMessage.plan(try await slot.call(.plan, call.json), of: actions)
        } catch {
            throw slot.named(error)
        }
    }
}
