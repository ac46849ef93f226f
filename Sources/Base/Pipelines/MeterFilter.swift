// SPDX-License-Identifier: Apache-2.0
package import Expressions
package import Settings

/// Which meters a source is about: shell wildcards to take, or `!` before those to leave out.
package struct MeterFilter: Sendable, Hashable {
    /// What to take; empty where all but the excluded are taken.
    package let included: [Glob]
    package let excluded: [Glob]
    /// Where each pattern stands, for messages about it.
    package let places: [String: Mistake.Place]

    /// Reads a `meters:` list. As in Ceilometer, `!x` goes only with other `!` items and with those that begin with
    /// `*`, and a plain `*` only with those.
    package init(_ list: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        var texts: [String] = []
        var places: [String: Mistake.Place] = [:]
        let items = mistakes.collect { () throws(Mistake) in try list.list(of: "meter names or shell patterns") } ?? []
        for item in items {
            guard let text = mistakes.collect({ () throws(Mistake) in try item.string() }) else { continue }
            if text == "!" { mistakes.add(item.mistake(allowed: "a pattern after the !")) }
            texts.append(text)
            places[text] = item.place
        }
        let named = texts.first { !$0.hasPrefix("!") && !$0.hasPrefix("*") }
        if let named, let exclusion = texts.first(where: { $0.hasPrefix("!") }) {
            mistakes.add(
                Mistake(
                    list.place, list.path, found: "\(named.quoted) together with \(exclusion.quoted)",
                    allowed: "either names to take or !names to leave out"))
        } else if let named, texts.contains("*") {
            mistakes.add(
                Mistake(
                    list.place, list.path, found: "\(named.quoted) together with \"*\"",
                    allowed: "\"*\" alone, as it takes all"))
        }
        try mistakes.throwIfAny()
        self.init(patterns: texts, places: places)
    }

    package init(patterns: [String], places: [String: Mistake.Place] = [:]) {
        included = patterns.filter { !$0.hasPrefix("!") }.map { Glob($0) }
        excluded = patterns.filter { $0.hasPrefix("!") }.map { Glob(String($0.dropFirst())) }
        self.places = places
    }

    /// Every meter there is.
    package static let everything = MeterFilter(patterns: ["*"])

    /// Whether no meter is left out.
    package var takesEverything: Bool {
        excluded.isEmpty && (included.isEmpty || included.contains { $0.pattern == "*" })
    }

    package func takes(_ meter: String) -> Bool {
        if excluded.contains(where: { $0.matches(meter) }) { return false }
        return included.isEmpty || included.contains { $0.matches(meter) }
    }
}
