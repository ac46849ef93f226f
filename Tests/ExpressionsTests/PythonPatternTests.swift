// SPDX-License-Identifier: Apache-2.0
import Expressions
import Foundation
import Testing

@Suite struct PythonPatternTests {
    /// What Python has substituted: pattern, template, text, result. `Cases/evaluate-with-python` writes the last.
    struct PythonCase: Sendable, CustomTestStringConvertible {
        var columns: [String]

        var testDescription: String { columns.joined(separator: "  ") }

        static func all() throws -> [PythonCase] {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Cases/substitutions-of-python.tsv")
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
                PythonCase(columns: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
            }
        }
    }

    @Test(arguments: try PythonCase.all()) func replacesWhatPythonReplaces(_ one: PythonCase) throws {
        try #require(one.columns.count == 4)
        let pattern = try PythonPattern(one.columns[0])
        let template = try PythonTemplate(one.columns[1], for: pattern)
        #expect(pattern.replacing(in: one.columns[2], with: template) == one.columns[3])
    }

    private func mistake(_ pattern: String, _ template: String = "") -> String {
        do throws(ExpressionMistake) {
            _ = try PythonTemplate(template, for: try PythonPattern(pattern))
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("(a", "column 1: a group without its end; allowed: a closing )"),
        ("a)", "column 2: ); allowed: a ( before it, or \\)"),
        ("[a", "column 1: a set without its end; allowed: a closing ]"),
        ("[]a]", "column 2: ] first in a set; allowed: \\]"),
        ("[a[b]", "column 3: [ in a set; allowed: \\["),
        ("[a&&b]", "column 3: && in a set; allowed: one of them, or \\&"),
        ("a\\", "column 2: \\ at the end; allowed: \\\\ for the character itself"),
        (
            "a\\Z",
            "column 2: \\Z; allowed: \\d \\D \\w \\W \\s \\S \\n \\t \\r \\b \\B \\1 to \\9, and \\ before what is no"
        ),
        ("[\\b]", "column 2: \\b; allowed: \\d \\D \\w \\W \\s \\S \\n \\t \\r, and \\ before what is no letter"),
        ("\\x41", "column 1: \\x; allowed:"), ("\\0", "column 1: \\0; allowed:"),
        ("\\1", "column 1: \\1 where there is no such group; allowed: \\1 to \\9, for groups that came before"),
        ("(a)\\12", "column 4: \\1 where there is no such group"),
        ("(?i)a", "column 1: (?i; allowed: (…), (?:…), (?P<name>…), (?P=name), (?=…) and (?!…)"),
        ("(?<=a)b", "column 1: (?<=; allowed: (…), (?:…)"), ("(?<a>b)", "column 1: (?<a; allowed: (…), (?:…)"),
        ("(?#note)a", "column 1: (?#n; allowed: (…), (?:…)"), ("(?>a)", "column 1: (?>a; allowed: (…), (?:…)"),
        ("(?P<1>a)", "column 1: a group without a name; allowed: letters, digits and _"),
        ("(?P<>a)", "column 1: a group without a name; allowed: letters, digits and _"),
        ("(?P<a", "column 1: a group without a name; allowed: letters, digits and _"),
        ("(?P<a>b)(?P<a>c)", "column 9: a second group \"a\"; allowed: each name once"),
        ("(?P=a)", "column 1: (?P=a) where there is no such group; allowed: names of groups that came before"),
        ("a{", "column 2: { that begins no repetition; allowed: {m}, {m,} or {m,n} of at most 999, or \\{"),
        ("a{x}", "column 2: { that begins no repetition; allowed:"),
        ("a{1000}", "column 2: { that begins no repetition; allowed:"),
        ("a{}", "column 2: { that begins no repetition"),
        ("a{,}", "column 2: { that begins no repetition"), ("a{1,2,3}", "column 2: { that begins no repetition"),
        ("a++", "column 3: a possessive repetition; allowed: a greedy or lazy one"),
        ("a{2}+", "column 5: a possessive repetition; allowed: a greedy or lazy one"),
        ("*a", "column 1: \"*a\": quantifier '*' must appear after expression; allowed: a regular expression"),
        (
            "b*?",
            "column 1: \"b*?\", lazy and with nothing that it needs; "
                + "allowed: a greedy repetition, or one that something follows"
        ),
        ("[z-a]", "column 1: \"[z-a]\": "), ("a**", "column 1: \"a**\": "),
    ])
    func whatSwiftReadsDifferentlyIsRefusedByName(pattern: String, words: String) {
        #expect(mistake(pattern).hasPrefix(words), "\(mistake(pattern))")
    }

    @Test(arguments: [
        ("(a)", "x\\2", "column 2: \"\\\\2\"; allowed: \\1, or \\\\ for the character itself"),
        (
            "a", "\\1",
            "column 1: \"\\\\1\"; allowed: no group, as the pattern has none, or \\\\ for the character itself"
        ),
        ("(a)(b)", "\\0", "column 1: \"\\\\0\"; allowed: \\1 to \\2, or \\\\ for the character itself"),
        ("(a)", "\\01", "column 1: \"\\\\01\"; allowed: \\1, or"),
        ("(a)", "a\\", "column 2: \"\\\\\"; allowed: \\1, or"),
        ("(a)", "\\n", "column 1: \"\\\\n\"; allowed: \\1, or"),
        ("(a)", "\\g<2>", "column 1: \"\\\\g<2>\"; allowed: \\1"),
        (
            "(?P<what>a)", "\\g<waht>",
            "column 1: \"\\\\g<waht>\"; allowed: \\1, \\g<what>, or \\\\ for the character itself; did you mean what?"
        ),
    ])
    func aTemplateNamesGroupsThatThereAre(pattern: String, template: String, words: String) {
        #expect(mistake(pattern, template).hasPrefix(words), "\(mistake(pattern, template))")
    }

    @Test func lengthEnds() {
        #expect(mistake(String(repeating: "a", count: 501)) == "column 501: 501 characters; allowed: at most 500")
        #expect(
            mistake(String(repeating: "(", count: 250) + String(repeating: ")", count: 250)).hasSuffix(
                "group is too deeply nested; allowed: a regular expression"))
    }
}
