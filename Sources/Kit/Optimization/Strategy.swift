// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What a strategy says of itself before it is run.
public struct StrategyDeclaration: Sendable, Hashable {
    public var name: String
    public var displayName: String
    /// The goal's name.
    public var goal: String
    /// The planner that puts its actions in order.
    public var planner: String
    public var parameters: [Parameter]
    /// What an operator sets for it in the configuration, once for all audits.
    public var options: [Parameter]
    /// The collectors whose models it needs.
    public var models: [String]
    /// The metrics that it asks for.
    public var metrics: [String]

    public init(
        name: String, displayName: String, goal: String, planner: String = "weight", parameters: [Parameter] = [],
        options: [Parameter] = [], models: [String] = ["compute"], metrics: [String] = []
    ) {
        self.name = name
        self.displayName = displayName
        self.goal = goal
        self.planner = planner
        self.parameters = parameters
        self.options = options
        self.models = models
        self.metrics = metrics
    }
}

/// An algorithm that looks for actions which serve a goal.
///
/// It neither fetches nor waits: models and metrics come with the context, and the same context always leads to the same
/// solution. What an operator sets for it comes with the context too, so that none needs arguments to be made.
public protocol Strategy: Sendable {
    var declaration: StrategyDeclaration { get }

    /// - Parameter context: parameters checked and filled up by the declaration.
    /// - Throws: where it can propose nothing, with a reason; nothing to do is an empty solution.
    func execute(_ context: StrategyContext) async throws -> Solution
}

/// A strategy that can say beforehand which statistics it will read, so that they are fetched at once.
public protocol MetricPlanning: Strategy {
    /// - Parameter parameters: checked and filled up.
    func queries(_ parameters: ParameterValues) async throws -> [MetricQuery]
}

/// Parameters that were checked against their declaration, which is why reading a declared one can't fail.
public struct ParameterValues: Sendable, Hashable {
    public var json: JSONObject

    public init(_ json: JSONObject) { self.json = json }

    public subscript(name: String) -> JSONValue? { json[name] }

    /// - Precondition: a number of that name is declared, with a default or as required.
    public func number(_ name: String) -> Double { known(json[name]?.number, name) }
    public func integer(_ name: String) -> Int { known(json[name]?.integer, name) }
    public func text(_ name: String) -> String { known(json[name]?.string, name) }
    public func boolean(_ name: String) -> Bool { known(json[name]?.bool, name) }
    public func object(_ name: String) -> ParameterValues { ParameterValues(known(json[name]?.object, name)) }

    private func known<Value>(_ value: Value?, _ name: String) -> Value {
        guard let value else { preconditionFailure("parameter \(name) isn't declared so that it is always there") }
        return value
    }
}
