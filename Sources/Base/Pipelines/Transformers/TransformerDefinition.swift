// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// One item of a sink's `transformers:`, in Ceilometer's grammar.
package struct TransformerDefinition: Sendable, Hashable {
    private enum Kind: Hashable {
        case unitConversion(Conversion)
        case rateOfChange(Conversion)
        case delta(Delta.Options)
        case aggregator(Aggregator.Options)
        /// Samples held back.
        case accumulator(size: Int)
        case arithmetic(Arithmetic.Options)
    }

    /// As the file names it.
    let name: String
    private let kind: Kind

    private enum Name: String, CaseIterable {
        case accumulator, aggregator, arithmetic, delta
        case rateOfChange = "rate_of_change"
        case unitConversion = "unit_conversion"

        /// Of `parameters`.
        var parameters: [String] {
            switch self {
            case .accumulator: ["size"]
            case .aggregator:
                [
                    "size", "retention_time", "user_id", "project_id", "resource_metadata", "timestamp", "source",
                    "target",
                ]
            case .arithmetic: ["target"]
            case .delta: ["source", "target", "growth_only"]
            case .rateOfChange, .unitConversion: ["source", "target"]
            }
        }
    }

    init(_ item: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        let values = item.fields(
            of: "transformer", required: ["name"], optional: ["parameters"], noting: &mistakes)
        let name = values["name"].flatMap { value in
            mistakes.collect { () throws(Mistake) in
                let text = try value.string()
                guard let name = Name(rawValue: text) else {
                    throw Mistake(value.place, value.path, unknown: text, among: Name.allCases.map(\.rawValue))
                }
                return name
            }
        }
        guard mistakes.isEmpty, let name else { throw mistakes }
        var parameters = ParameterReader(values["parameters"], "mapping", known: name.parameters)
        let kind = Self.read(name, &parameters, of: item)
        try parameters.mistakes.throwIfAny()
        guard let kind else { throw mistakes }
        self.kind = kind
        self.name = name.rawValue
    }

    /// - Returns: nil where something is missing, which is noted.
    private static func read(_ name: Name, _ parameters: inout ParameterReader, of item: YAMLValue) -> Kind? {
        switch name {
        case .accumulator: .accumulator(size: parameters.size() ?? 1)
        case .aggregator: .aggregator(Aggregator.Options(&parameters))
        case .arithmetic: Arithmetic.Options(&parameters, of: item).map { .arithmetic($0) }
        case .delta: .delta(Delta.Options(&parameters))
        case .rateOfChange: .rateOfChange(Conversion(&parameters, scaling: .ofResult))
        case .unitConversion: .unitConversion(Conversion(&parameters, scaling: .ofVolume))
        }
    }

    /// One that remembers nothing yet.
    package func make() -> any Transformer {
        switch kind {
        case .unitConversion(let conversion): UnitConversion(conversion)
        case .rateOfChange(let conversion): RateOfChange(conversion)
        case .delta(let options): Delta(options)
        case .aggregator(let options): Aggregator(options)
        case .accumulator(let size): Accumulator(size: size)
        case .arithmetic(let options): Arithmetic(options)
        }
    }
}
