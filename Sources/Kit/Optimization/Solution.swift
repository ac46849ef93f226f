// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What a strategy proposes.
public struct Solution: Sendable {
    /// An action in the form that planners and appliers take.
    public struct ProposedAction: Sendable, Hashable {
        public var type: String
        /// `resource_id` among them where the action has one.
        public var parameters: JSONObject

        public init(type: String, parameters: JSONObject) {
            self.type = type
            self.parameters = parameters
        }

        public var resourceID: String? { parameters["resource_id"]?.string }
    }

    /// In the order in which they were proposed; no two are equal.
    public private(set) var actions: [ProposedAction] = []
    /// How many were equal to an earlier one, and left out.
    public private(set) var duplicates = 0
    /// What the strategy states of it, in the goal's terms.
    public var indicators: [EfficacyIndicator] = []
    /// The goal's ratios of the indicators.
    public var globalEfficacy: [EfficacyIndicator] = []
    /// The compute model as it would be with the actions done; nil where the strategy has none.
    public var model: ModelRoot?
    /// Why each node and instance was chosen or not; empty unless it was asked for.
    public private(set) var explanations: [Explanation] = []
    /// Whether explanations are wanted: what costs anything to explain looks here first.
    public let isExplaining: Bool

    private var known: Set<ProposedAction> = []

    public init(isExplaining: Bool = false) { self.isExplaining = isExplaining }

    /// Proposes an action, unless it was proposed already.
    public mutating func add(_ action: some Action) {
        insert(type: type(of: action).type, action.parameters, resourceID: action.resourceID)
    }

    /// Proposes an action by the name of its type.
    ///
    /// - Throws: ``OptimizationError/reservedWord(_:)`` where `resource_id` is among the parameters.
    public mutating func add(
        type: String, parameters: JSONObject, resourceID: String?
    ) throws(OptimizationError) {
        guard parameters["resource_id"] == nil else {
            throw .reservedWord("an action's resource_id stands beside its parameters, not among them")
        }
        insert(type: type, parameters, resourceID: resourceID)
    }

    private mutating func insert(type: String, _ parameters: JSONObject, resourceID: String?) {
        var parameters = parameters
        if let resourceID { parameters["resource_id"] = .string(resourceID) }
        let action = ProposedAction(type: type, parameters: parameters)
        guard known.insert(action).inserted else { return duplicates += 1 }
        actions.append(action)
    }

    /// Takes back all actions for which `condition` holds.
    public mutating func withdraw(where condition: (ProposedAction) -> Bool) {
        actions.removeAll { action in
            guard condition(action) else { return false }
            known.remove(action)
            return true
        }
    }

    /// Notes why something was chosen or not. Costs nothing unless it was asked for.
    public mutating func explain(
        _ subject: @autoclosure () -> Explanation.Subject, _ verdict: Explanation.Verdict,
        _ reason: @autoclosure () -> String
    ) {
        guard isExplaining else { return }
        explanations.append(Explanation(subject: subject(), verdict: verdict, reason: reason()))
    }
}
