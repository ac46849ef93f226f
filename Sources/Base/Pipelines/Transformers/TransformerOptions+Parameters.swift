// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

extension Delta.Options {
    init(_ parameters: inout ParameterReader) {
        growthOnly = parameters.boolean("growth_only") ?? false
        let from = parameters.reading("source", known: ["map_from"]) { source in
            source.reading("map_from", known: ["name"]) { $0["name"] }
        }
        parameters.reading("target", known: ["name", "map_to"]) { target in
            name.fixed = target.text("name")
            let to = target.reading("map_to", known: ["name"]) { $0["name"] }
            name.substitution = target.substitution(from, to)
        }
    }
}

extension Aggregator.Options {
    init(_ parameters: inout ParameterReader) {
        size = parameters.size().flatMap { $0 == 0 ? nil : $0 }
        retention = parameters.retention()
        // Ceilometer's default of 1 would leave a retention time alone without effect.
        if size == nil, retention == nil { size = 1 }
        user = parameters.word("user_id", among: Aggregator.End.allCases)
        project = parameters.word("project_id", among: Aggregator.End.allCases)
        metadata = parameters.metadata()
        timestamp = parameters.word("timestamp", among: Aggregator.End.allCases) ?? .first
        conversion = Conversion(&parameters, scaling: .ofVolume, takesSourceUnit: false)
    }
}

extension Arithmetic.Options {
    /// nil without an expression, which is noted.
    init?(_ parameters: inout ParameterReader, of item: YAMLValue) {
        let target = parameters["target"]
        let read = parameters.reading("target", known: ["name", "unit", "type", "expr"]) { target in
            let expression = target.value("expr") { value throws(Mistake) in
                let expression = try value.parsed { text throws(ExpressionMistake) in
                    try Expression(text, names: .meters)
                }
                guard !expression.names.isEmpty else {
                    throw value.mistake(allowed: "an expression over at least one meter, as $(memory.usage)")
                }
                return expression
            }
            return (expression, target.text("name"), target.text("unit"), target.kind(), target["expr"] == nil)
        }
        if read.4, parameters.mistakes.isEmpty {
            let place = target ?? item
            let mistake = Mistake(
                place.place, place.path, found: "arithmetic without an expression",
                allowed: "target.expr, such as 100.0 * $(memory.usage) / $(memory)")
            parameters.note(Mistakes([mistake]))
        }
        guard let expression = read.0 else { return nil }
        self.init(expression: expression, name: read.1, unit: read.2, kind: read.3)
    }
}

extension ParameterReader {
    /// How many samples are held back.
    mutating func size() -> Int? {
        value("size") { value throws(Mistake) in try value.integer(0...100_000, unit: "samples") }
    }

    /// Seconds; nil for 0.
    fileprivate mutating func retention() -> Double? {
        value("retention_time") { value throws(Mistake) in
            let text = try value.string()
            guard let number = value.number?.realValue ?? Double(text), (0...Double(7 * 86400)).contains(number) else {
                throw value.mistake(allowed: "seconds, a number from 0 to 604800")
            }
            return number
        }.flatMap { $0 == 0 ? nil : $0 }
    }

    /// nil to drop them.
    fileprivate mutating func metadata() -> Aggregator.End? {
        let word = value("resource_metadata") { value throws(Mistake) in
            let text = try value.string()
            guard text == "drop" || Aggregator.End(rawValue: text) != nil else {
                throw Mistake(value.place, value.path, unknown: text, among: ["first", "last", "drop"])
            }
            return text
        }
        return word == "drop" ? nil : word.flatMap { Aggregator.End(rawValue: $0) } ?? .last
    }
}
