// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

extension Conversion {
    /// What a scale that is a plain number means.
    enum NumberScale {
        /// The volume times it.
        case ofVolume
        /// Times what the transformer computes itself.
        case ofResult
    }

    /// Reads `source` and `target`.
    ///
    /// - Parameter takesSourceUnit: whether the transformer lets other units pass.
    init(_ parameters: inout ParameterReader, scaling: NumberScale, takesSourceUnit: Bool = true) {
        let from = parameters.reading("source", known: (takesSourceUnit ? ["unit"] : []) + ["map_from"]) { source in
            sourceUnit = source.text("unit")
            return source.reading("map_from", known: ["name", "unit"]) { ($0["name"], $0["unit"]) }
        }
        parameters.reading("target", known: ["name", "unit", "type", "scale", "max", "map_to"]) { target in
            name.fixed = target.text("name")
            unit.fixed = target.text("unit")
            kind = target.kind()
            scale = target.scale(scaling)
            cap = target.cap()
            let to = target.reading("map_to", known: ["name", "unit"]) { ($0["name"], $0["unit"]) }
            name.substitution = target.substitution(from.0, to.0)
            unit.substitution = target.substitution(from.1, to.1)
        }
    }
}

extension ParameterReader {
    /// `map_from.name` and `map_to.name`, or those of the unit: both or neither.
    mutating func substitution(_ from: YAMLValue?, _ to: YAMLValue?) -> TextMapping.Substitution? {
        guard let from, let to else {
            if let alone = from ?? to {
                let other = from == nil ? "map_from" : "map_to"
                let mistake = Mistake(
                    alone.place, alone.path, found: "a mapping without its \(other)",
                    allowed: "map_from and map_to with the same keys")
                note(Mistakes([mistake]))
            }
            return nil
        }
        var mistakes = Mistakes()
        defer { note(mistakes) }
        let pattern = mistakes.collect { () throws(Mistake) in
            try from.parsed { text throws(ExpressionMistake) in try PythonPattern(text) }
        }
        guard let pattern else { return nil }
        let template = mistakes.collect { () throws(Mistake) in
            try to.parsed { text throws(ExpressionMistake) in try PythonTemplate(text, for: pattern) }
        }
        return template.map { .init(pattern: pattern, template: $0) }
    }

    /// A number, or an expression over a sample's fields.
    fileprivate mutating func scale(_ scaling: Conversion.NumberScale) -> Expression? {
        value("scale") { value throws(Mistake) in
            guard let number = value.number else {
                return try value.parsed { text throws(ExpressionMistake) in
                    try Expression(text, names: .these(SampleScope.names))
                }
            }
            guard number.isTrue else { throw value.mistake(allowed: "a number other than 0, or an expression") }
            return try value.parsed { text throws(ExpressionMistake) in
                let factor = number.pythonText
                return try Expression(scaling == .ofVolume ? "volume * \(factor)" : factor, names: .these(["volume"]))
            }
        }
    }

    fileprivate mutating func cap() -> Volume? {
        value("max") { value throws(Mistake) in
            guard let number = value.number, number.isTrue, let volume = try? Volume(number) else {
                throw value.mistake(allowed: "a number other than 0")
            }
            return volume
        }
    }
}

extension YAMLValue {
    /// What a text says in a language of its own.
    func parsed<Value>(_ parse: (String) throws(ExpressionMistake) -> Value) throws(Mistake) -> Value {
        let text = try string()
        do throws(ExpressionMistake) {
            return try parse(text)
        } catch {
            throw mistake(error)
        }
    }
}
