// SPDX-License-Identifier: Apache-2.0
import Expressions
import Settings
import Testing

@Suite struct YAMLValueNumberTests {
    private func value(_ text: String) throws -> YAMLValue {
        let root = try YAMLValue(file: "a.yaml", text: "k: \(text)\n").mapping(known: ["k"])
        return try #require(root["k"])
    }

    @Test(arguments: [
        ("1", ExpressionValue.integer(1)), ("-7", .integer(-7)), ("1_000", .integer(1000)), ("1.0", .real(1)),
        ("0.1", .real(0.1)), ("1e9", .real(1e9)), ("-2.5e-3", .real(-0.0025)),
    ])
    func readsNumbers(text: String, number: ExpressionValue) throws {
        #expect(try value(text).number == number)
    }

    @Test(arguments: ["'1'", "\"1.5\"", "one", "1 + 1", "[1]", "{a: 1}", "~", "", ".nan", ".inf", "true"])
    func whatIsNoFiniteNumberOrQuotedIsNone(text: String) throws {
        #expect(try value(text).number == nil)
    }

    @Test(arguments: [("true", true), ("True", true), ("false", false), ("yes", true), ("off", false)])
    func readsTruthValues(text: String, bool: Bool) throws {
        #expect(try value(text).boolean() == bool)
    }

    @Test(arguments: [("1", "\"1\""), ("maybe", "\"maybe\""), ("[true]", "a list"), ("~", "\"~\"")])
    func otherWordsAreNoTruthValues(text: String, found: String) throws {
        let mistake = Mistake(.init("a.yaml", line: 1), "k", found: found, allowed: "true or false")
        let value = try value(text)
        #expect(throws: mistake) { try value.boolean() }
    }
}
