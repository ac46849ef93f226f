// SPDX-License-Identifier: Apache-2.0

/// Why there is no solution or no plan.
public enum OptimizationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A parameter that isn't declared, or a value that its declaration doesn't allow.
    case parameter(String)
    /// A strategy stated figures that its goal doesn't allow.
    case efficacy(String)
    /// A model that a strategy needs isn't there, or is stale.
    case modelMissing(String)
    /// What a strategy was told to work on isn't in the model.
    case notFound(String)
    /// Something that a strategy cannot go on without was not measured.
    case metricMissing(metric: String, resource: String)
    /// `resource_id` among an action's parameters: it has a place of its own.
    case reservedWord(String)
    /// An action that a planner or the action's schema doesn't know.
    case unsupportedAction(String)
    /// An input that can't be used, as a pool of unknown size.
    case invalidValue(String)

    public var description: String {
        switch self {
        case .parameter(let text), .efficacy(let text), .notFound(let text), .reservedWord(let text),
            .unsupportedAction(let text), .invalidValue(let text):
            text
        case .modelMissing(let name):
            "the model \"\(name)\" is not there, or could not be kept up to date; nothing is decided without it"
        case .metricMissing(let metric, let resource): "no value of \(metric) for \(resource)"
        }
    }
}
