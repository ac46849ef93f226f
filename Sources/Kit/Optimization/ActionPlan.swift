// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Actions with the order in which they may be done.
public struct ActionPlan: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// Waits for an operator, or for the audit, to start it.
        case recommended = "RECOMMENDED"
        /// There is nothing to do.
        case succeeded = "SUCCEEDED"
    }

    public struct PlannedAction: Sendable, Hashable {
        public var type: String
        public var parameters: JSONObject
        /// Places in the plan of the actions that must be done before; nil where the planner does not say.
        public var parents: [Int]?

        public init(_ action: Solution.ProposedAction, parents: [Int]?) {
            type = action.type
            parameters = action.parameters
            self.parents = parents
        }

        public init(type: String, parameters: JSONObject, parents: [Int]?) {
            self.type = type
            self.parameters = parameters
            self.parents = parents
        }
    }

    public var actions: [PlannedAction]
    public var state: State { actions.isEmpty ? .succeeded : .recommended }

    public init(actions: [PlannedAction]) { self.actions = actions }
}

/// Puts the actions of a solution in order.
public protocol Planner: Sendable {
    /// - Throws: ``OptimizationError/unsupportedAction(_:)`` for an action that it has no place for.
    func plan(_ actions: [Solution.ProposedAction]) async throws -> ActionPlan
}

/// Gives a score to what was measured, as a model learnt beforehand does.
public protocol ScoringEngine: Sendable {
    var name: String { get }
    var summary: String { get }
    /// What features and scores mean, as the engine's users expect it: often JSON.
    var metainfo: String { get }

    /// - Parameter features: a JSON list of numbers, unless ``metainfo`` says otherwise.
    func score(features: String) async throws -> String
}
