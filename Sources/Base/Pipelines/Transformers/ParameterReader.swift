// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// The keys of a mapping that may be left out. What is wrong with one is noted, and the others are read all the same.
struct ParameterReader {
    private let fields: [String: YAMLValue]
    private(set) var mistakes = Mistakes()

    /// - Parameter value: nil, or nothing at all, stands for an empty mapping.
    /// - Parameter what: the mapping in a word, for messages.
    init(_ value: YAMLValue?, _ what: String, known: [String]) {
        guard let value, !value.isNothing else {
            fields = [:]
            return
        }
        fields = value.fields(of: what, required: [], optional: known, noting: &mistakes)
    }

    subscript(key: String) -> YAMLValue? { fields[key].flatMap { $0.isNothing ? nil : $0 } }

    /// The mapping under a key.
    mutating func reading<Value>(_ key: String, known: [String], _ read: (inout ParameterReader) -> Value) -> Value {
        var inner = ParameterReader(self[key], key, known: known)
        let value = read(&inner)
        note(inner.mistakes)
        return value
    }

    mutating func note(_ more: Mistakes) {
        for mistake in more.all { mistakes.add(mistake) }
    }

    mutating func value<Value>(_ key: String, _ read: (YAMLValue) throws(Mistake) -> Value) -> Value? {
        guard let value = self[key] else { return nil }
        return mistakes.collect { () throws(Mistake) in try read(value) }
    }

    mutating func text(_ key: String) -> String? {
        value(key) { value throws(Mistake) in try value.string() }
    }

    mutating func boolean(_ key: String) -> Bool? {
        value(key) { value throws(Mistake) in try value.boolean() }
    }

    /// One of a few words.
    mutating func word<Word: RawRepresentable<String>>(_ key: String, among words: [Word]) -> Word? {
        value(key) { value throws(Mistake) in
            let text = try value.string()
            guard let word = Word(rawValue: text) else {
                throw Mistake(value.place, value.path, unknown: text, among: words.map(\.rawValue))
            }
            return word
        }
    }

    mutating func kind() -> Meter.Kind? { word("type", among: Meter.Kind.allCases) }
}
