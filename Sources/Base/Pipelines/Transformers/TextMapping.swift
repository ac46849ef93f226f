// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// How a transformer renames a meter or a unit: by a pattern, or to a fixed text, or not at all.
struct TextMapping: Sendable, Hashable {
    struct Substitution: Sendable, Hashable {
        var pattern: PythonPattern
        var template: PythonTemplate
    }

    /// Wins over the fixed text, also where the pattern is not found.
    var substitution: Substitution?
    var fixed: String?

    func text(for text: String) -> String {
        if let substitution {
            let mapped = substitution.pattern.replacing(in: text, with: substitution.template)
            if !mapped.isEmpty { return mapped }
        }
        return fixed ?? text
    }
}

/// Remembers what texts were mapped to: meters and units are few, and come again each cycle.
struct MappedTexts: Sendable {
    private static let most = 1000

    private let mapping: TextMapping
    private var known: [String: String] = [:]

    init(_ mapping: TextMapping) { self.mapping = mapping }

    subscript(text: String) -> String {
        mutating get {
            guard mapping.substitution != nil else { return mapping.fixed ?? text }
            if let mapped = known[text] { return mapped }
            if known.count >= Self.most { known = [:] }
            let mapped = mapping.text(for: text)
            known[text] = mapped
            return mapped
        }
    }
}
