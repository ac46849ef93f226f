// SPDX-License-Identifier: Apache-2.0

/// A regular expression of Python's `re`, in the part of its syntax in which Swift's `Regex` agrees with it: characters,
/// `.`, `[sets]`, `\d \w \s \b` and their opposites, `(groups)`, `(?:…)`, `(?P<name>…)`, `(?=…)`, `(?!…)`, `|`, `^ $`,
/// `* + ? {m,n}` greedy or lazy, `\1` and `(?P=name)`. All else is refused by name.
///
/// It is meant for names of meters and units: line breaks, which the two treat differently, don't stand in those.
package struct PythonPattern: Sendable, Hashable {
    /// Characters.
    package static let longestText = 500

    package let text: String
    /// How many groups it captures.
    package let groupCount: Int
    /// Of the groups that have one, with their numbers.
    package let groupNames: [String: Int]

    package init(_ text: String) throws(ExpressionMistake) {
        guard text.unicodeScalars.count <= Self.longestText else {
            throw ExpressionMistake(
                column: Self.longestText + 1, found: "\(text.unicodeScalars.count) characters",
                allowed: "at most \(Self.longestText)")
        }
        var syntax = PythonPatternSyntax(text)
        try syntax.check()
        self.text = text
        groupCount = syntax.groupCount
        groupNames = syntax.groupNames
        let regex: Regex<AnyRegexOutput>
        do {
            regex = try Self.regex(text)
        } catch {
            throw ExpressionMistake(
                column: 1, found: "\(text.shortInQuotes): \(error)", allowed: "a regular expression")
        }
        // Where such a pattern matches nothing, Python looks at the same place for more, Swift does not.
        guard !syntax.isLazy || "".firstMatch(of: regex) == nil else {
            throw ExpressionMistake(
                column: 1, found: "\(text.shortInQuotes), lazy and with nothing that it needs",
                allowed: "a greedy repetition, or one that something follows")
        }
    }

    /// Python's `re.sub`: each place that matches, with the template in its stead.
    ///
    /// The pattern is compiled for each call; remember the result where the same text comes often.
    package func replacing(in text: String, with template: PythonTemplate) -> String {
        guard let regex = try? Self.regex(self.text) else { preconditionFailure("compiled when it was made") }
        var result = ""
        var end = text.startIndex
        for match in text.matches(of: regex) {
            result += text[end..<match.range.lowerBound]
            result += template.text { group in match.output[group].substring.map(String.init) ?? "" }
            end = match.range.upperBound
        }
        return result + text[end...]
    }

    static func regex(_ text: String) throws -> Regex<AnyRegexOutput> {
        try Regex(text).matchingSemantics(.unicodeScalar).wordBoundaryKind(.simple)
    }
}
