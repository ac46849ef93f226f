// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// All that a strategy decides by.
public struct StrategyContext: Sendable {
    public var parameters: ParameterValues
    public var options: ParameterValues
    /// By collector, narrowed to the audit's scope.
    public var models: [String: any Model]
    public var metrics: any MetricReader
    /// What random choices are made with: the same seed, the same choice.
    public var seed: UInt64
    /// Whether the solution shall say why.
    public var isExplaining: Bool

    /// Checks parameters and options against the strategy's declaration, and that its models are there.
    public init(
        for strategy: some Strategy, parameters: JSONObject = [:], options: JSONObject = [:],
        models: [String: any Model], metrics: any MetricReader = MetricTable(), seed: UInt64 = 0,
        isExplaining: Bool = false
    ) throws(OptimizationError) {
        let declaration = strategy.declaration
        self.parameters = ParameterValues(try declaration.parameters.effective(parameters))
        self.options = ParameterValues(try declaration.options.effective(options))
        self.models = models
        self.metrics = metrics
        self.seed = seed
        self.isExplaining = isExplaining
        for name in declaration.models {
            guard let model = models[name], (model as? any AgingModel)?.isStale != true else {
                throw .modelMissing(name)
            }
        }
    }

    /// A model by its collector's name, in the shape that the strategy knows.
    public func model<Known: Model>(_ name: String, as type: Known.Type = Known.self) throws(OptimizationError) -> Known
    {
        guard let model = models[name] as? Known else { throw .modelMissing(name) }
        return model
    }
}
