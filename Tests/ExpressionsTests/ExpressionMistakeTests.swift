// SPDX-License-Identifier: Apache-2.0
import Expressions
import Testing

/// What an operator is told of an expression that cannot be taken.
@Suite struct ExpressionMistakeTests {
    private let names = ["name", "unit", "volume", "resource_metadata"]

    private func mistake(_ text: String, names: Expression.Names? = nil) -> String {
        do throws(ExpressionMistake) {
            _ = try Expression(text, names: names ?? .these(self.names))
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        (
            "volum * 2",
            "column 1: unknown name \"volum\"; allowed: one of name, unit, volume, resource_metadata; "
                + "did you mean volume?"
        ),
        (
            "2 * flaot(volume)",
            "column 5: unknown function \"flaot\"; allowed: one of abs, filter, float, int, len, list, max, min, str; "
                + "did you mean float?"
        ),
        ("__import__('os')", "column 1: unknown function \"__import__\"; allowed: one of abs,"),
        (
            "name.splt('.')",
            "column 6: unknown method \"splt\"; allowed: one of get, join, replace, split, strip; did you mean split?"
        ),
        ("name.format(1)", "column 6: unknown method \"format\"; allowed: one of get, join, replace, split, strip"),
        ("volume(1)", "column 1: unknown function \"volume\"; allowed: one of abs,"),
        ("name.a(1)(2)", "column 6: unknown method \"a\"; allowed: one of get,"),
        ("(volume)(2)", "column 9: (; allowed: a call of one of abs,"),
        ("$(memory)", "column 1: $(memory); allowed: a name; meters stand in arithmetic only"),
        ("abs()", "column 1: abs with 0 values; allowed: 1 for abs"),
        ("abs(1, 2)", "column 1: abs with 2 values; allowed: 1 for abs"),
        ("name.replace('a')", "column 6: replace with 1 values; allowed: 2 for replace"),
        ("name.get()", "column 6: get with 0 values; allowed: 1 to 2 for get"),
    ])
    func anUnknownNameIsToldWithTheNearest(text: String, words: String) {
        #expect(mistake(text).hasPrefix(words), "\(mistake(text))")
    }

    @Test(arguments: [
        ("", "column 1: the end; allowed: a value"),
        ("1 +", "column 4: the end; allowed: a value"),
        ("1 2", "column 3: 2; allowed: an operator, or the end"),
        ("volume volume", "column 8: volume; allowed: an operator, or the end"),
        ("(1", "column 3: the end; allowed: ) for the ( at column 1"),
        ("1)", "column 2: ); allowed: an operator, or the end"),
        ("[1", "column 3: the end; allowed: , or ]"),
        ("{1}", "column 3: }; allowed: :, as in: {\"a\": 1}"),
        ("name[]", "column 5: []; allowed: an index in the brackets"),
        ("name[1 2]", "column 8: 2; allowed: ] for the [ at column 5"),
        ("name[1:2:3:4]", "column 12: 4; allowed: at most two : in a slice"),
        ("name.", "column 6: the end; allowed: an attribute's name after the ."),
        ("volume if 1", "column 12: the end; allowed: else, as in: a if test else b"),
        ("1 is 1", "column 6: is before a value; allowed: is None, or =="),
        ("1 not 2", "column 7: 2; allowed: in, as in: a not in b"),
        ("volume = 1", "column 8: \"=\"; allowed: names, numbers,"),
        ("volume & 1", "column 8: \"&\"; allowed: names, numbers,"),
        ("volume; 1", "column 7: \";\"; allowed: names, numbers,"),
        ("größe", "column 3: \"ö\"; allowed: names, numbers,"),
        ("volume \\ 2", "column 8: \"\\\\\"; allowed: names, numbers,"),
        ("'abc", "column 1: a text without its end; allowed: a closing '"),
        ("'a\\xff'", "column 3: \"\\\" before \"x\"; allowed: \\n,"),
        ("'a\\", "column 3: \"\\\" before the end; allowed: \\n,"),
        ("012", "column 1: \"012\"; allowed: a number such as"),
        ("1x", "column 1: \"1x\"; allowed: a number such as"),
        ("1.2.3", "column 1: \"1.2.3\"; allowed: a number such as"),
        ("1__0", "column 1: \"1__0\"; allowed: a number such as"),
        ("0x", "column 1: \"0x\"; allowed: a number such as"),
        ("1e", "column 1: \"1e\"; allowed: a number such as"),
        ("1e999", "column 1: \"1e999\", past all numbers; allowed: 1.8e308"),
        ("lambda x: x", "column 1: lambda; allowed: a value"),
        ("[x for x in name]", "column 2: unknown name \"x\"; allowed: one of name, unit,"),
        ("[name for name in name]", "column 7: for; allowed: , or ]"),
        ("filter(name, name)", "column 8: name; allowed: a lambda or None, as in: filter(lambda x: x > 0, value)"),
        ("filter(lambda: 1, name)", "column 14: :; allowed: one parameter, as in: filter(lambda x: x > 0, value)"),
        ("filter(lambda x, y: 1, name)", "column 16: ,; allowed: :, as in: filter(lambda x: x > 0, value)"),
        ("import os", "column 1: import; allowed: a value"),
    ])
    func whatIsNotOfferedIsToldWithItsColumn(text: String, words: String) {
        #expect(mistake(text).hasPrefix(words), "\(mistake(text))")
    }

    @Test func aParameterMeansNothingOutsideItsLambda() {
        #expect(mistake("filter(lambda x: x, [1]) + x").hasPrefix("column 28: unknown name \"x\""))
        #expect(mistake("filter(lambda x: x, x)").hasPrefix("column 21: unknown name \"x\""))
    }

    @Test(arguments: [
        String(repeating: "(", count: 1000), String(repeating: "-", count: 1000) + "1",
        String(repeating: "not ", count: 400) + "1", String(repeating: "2 ** ", count: 300) + "1",
        String(repeating: "[", count: 1000), String(repeating: "1 if 1 else ", count: 100) + "1",
        String(repeating: "abs(", count: 300) + "1", String(repeating: "filter(lambda x: ", count: 100) + "1",
    ])
    func nestingEnds(text: String) {
        #expect(mistake(text).hasSuffix("more than 40 operations inside each other; allowed: a simpler expression"))
    }

    @Test(arguments: ["1" + String(repeating: " + 1", count: 200), "name" + String(repeating: "[0]", count: 200)])
    func chainsEnd(text: String) {
        #expect(mistake(text).hasSuffix("more than 100 operations inside each other; allowed: a simpler expression"))
    }

    @Test func lengthEnds() {
        #expect(
            mistake("1" + String(repeating: " ", count: 2000)) == "column 2001: 2001 characters; allowed: at most 2000")
    }

    @Test(arguments: [
        ("volume / 2", "column 1: unknown name \"volume\"; allowed: meters as $(name)"),
        ("$(memory", "column 1: \"$(\" without a meter's name and a closing ); allowed: $(name), such as"),
        ("$()", "column 1: \"$(\" without a meter's name and a closing ); allowed: $(name), such as"),
        ("$memory", "column 1: \"$\"; allowed: names, numbers,"),
    ])
    func anArithmeticOverMetersNeedsThemInParentheses(text: String, words: String) {
        #expect(mistake(text, names: .meters).hasPrefix(words), "\(mistake(text, names: .meters))")
    }
}
