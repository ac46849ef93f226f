// SPDX-License-Identifier: Apache-2.0

/// What an audit is for, and how it is told how well a solution meets it.
public struct Goal: Sendable, Hashable {
    public var name: String
    public var displayName: String
    /// What a strategy for this goal states of its solution. Empty where nothing is measured.
    public var indicators: [IndicatorSpecification]
    /// The figures that sum a solution up.
    public var ratios: [EfficacyRatio]

    public init(
        _ name: String, _ displayName: String, indicators: [IndicatorSpecification] = [], ratios: [EfficacyRatio] = []
    ) {
        self.name = name
        self.displayName = displayName
        self.indicators = indicators
        self.ratios = ratios
    }
}

/// One figure that a solution for a goal states, from 0.
public struct IndicatorSpecification: Sendable, Hashable {
    public enum Kind: Sendable, Hashable { case count, number }

    public var name: String
    public var kind: Kind
    public var isRequired: Bool

    public init(_ name: String, _ kind: Kind = .count, isRequired: Bool = true) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
    }
}

/// A percentage made of two indicators.
public struct EfficacyRatio: Sendable, Hashable {
    public var name: String
    public var part: String
    public var whole: String

    public init(_ name: String, _ part: String, of whole: String) {
        self.name = name
        self.part = part
        self.whole = whole
    }
}

/// A stated figure.
public struct EfficacyIndicator: Sendable, Hashable {
    public var name: String
    /// Empty for a count, `%` for a ratio.
    public var unit: String
    public var value: Double

    public init(_ name: String, _ value: Double, unit: String = "") {
        self.name = name
        self.unit = unit
        self.value = value
    }
}

extension Goal {
    /// The goal's ratios of what a strategy stated.
    ///
    /// - Throws: ``OptimizationError/efficacy(_:)`` where a required figure is missing, is negative, or is a count
    ///   with a fraction. A strategy that stated nothing at all isn't held to that.
    public func efficacy(of stated: [EfficacyIndicator]) throws(OptimizationError) -> [EfficacyIndicator] {
        let values = Dictionary(stated.map { ($0.name, $0.value) }) { $1 }
        if !stated.isEmpty {
            for indicator in indicators {
                guard let value = values[indicator.name] else {
                    if indicator.isRequired { throw .efficacy("\(indicator.name) of goal \(name) wasn't stated") }
                    continue
                }
                guard value >= 0 else { throw .efficacy("\(indicator.name) is \(value); allowed: from 0") }
                guard indicator.kind == .number || value == value.rounded() else {
                    throw .efficacy("\(indicator.name) is \(value); allowed: a whole number")
                }
            }
        }
        return ratios.map { ratio in
            let part = values[ratio.part] ?? 0
            let whole = values[ratio.whole] ?? 0
            return EfficacyIndicator(ratio.name, part == 0 || whole == 0 ? 0 : part / whole * 100, unit: "%")
        }
    }
}
