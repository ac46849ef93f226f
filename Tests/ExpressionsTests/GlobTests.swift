// SPDX-License-Identifier: Apache-2.0
import Expressions
import Testing

/// What the tables expect is what Python's `fnmatch.fnmatchcase` answers.
@Suite struct GlobTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var name: String
        var matches: Bool

        init(_ pattern: String, _ name: String, _ matches: Bool) {
            self.pattern = pattern
            self.name = name
            self.matches = matches
        }

        var testDescription: String { "\(pattern) \(matches ? "takes" : "leaves") \(name)" }
        var agrees: Bool { Glob(pattern).matches(name) == matches }
    }

    @Test(arguments: [
        Case("cpu", "cpu", true), Case("cpu", "cpu.util", false), Case("cpu", "vcpu", false), Case("", "", true),
        Case("", "a", false),
    ])
    func aNameMatchesAsAWhole(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [
        Case("cpu*", "cpu", true), Case("*cpu", "vcpu.cpu", true), Case("disk.*", "disk.device.read.bytes", true),
        Case("disk.*", "disk", false), Case("**.**", "cpu.util", true), Case("***", "", true),
        Case("a*b*c", "abbbcbc", true), Case("a*b*c", "acb", false), Case("*.bytes", "disk.read.bytes.rate", false),
    ])
    func aStarTakesAnyRun(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [
        Case("?pu", "cpu", true), Case("?pu", "pu", false), Case("?", "\n", true), Case("?", "é", true),
        Case("?", "e\u{301}", false), Case("??", "e\u{301}", true),
    ])
    func aQuestionMarkTakesOneCodePoint(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [
        Case("[cv]pu", "cpu", true), Case("[cv]pu", "apu", false), Case("[a-c]pu", "bpu", true),
        Case("[a-c-e]", "-", true), Case("[a-c-e]", "d", false), Case("[-a]", "-", true), Case("[a-]", "-", true),
        Case("[--/]", ".", true), Case("[z-a]", "m", false), Case("[]]", "]", true), Case("[[]", "[", true),
        Case("[*]", "*", true), Case("[*]", "a", false), Case("[?]", "?", true),
    ])
    func bracketsTakeOneOfASet(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [
        Case("[!a]pu", "cpu", true), Case("[!a]pu", "apu", false), Case("[!a]pu", "pu", false),
        Case("[!]]", "]", false), Case("[!]]", "a", true), Case("[!z-a]", "m", true),
    ])
    func anExclamationMarkTurnsASetRound(_ one: Case) { #expect(one.agrees) }

    @Test func aCaretIsACharacterLikeOthers() {
        #expect(Glob("[^a]").matches("^"))
        #expect(!Glob("[^a]").matches("b"))
    }

    @Test(arguments: [
        Case("disk.[", "disk.[", true), Case("disk.[a", "disk.[a", true), Case("disk.[a", "disk.a", false),
        Case("[]", "[]", true), Case("[!]", "[!]", true), Case("[!", "[!", true),
    ])
    func anUnclosedBracketIsItself(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [Case("CPU", "cpu", false), Case("cpu", "CPU", false), Case("[A-Z]pu", "Cpu", true)])
    func upperAndLowerCaseDiffer(_ one: Case) { #expect(one.agrees) }

    @Test(arguments: [Case("a\\*", "a*", false), Case("a\\*", "a\\b", true)])
    func aBackslashEscapesNothing(_ one: Case) { #expect(one.agrees) }

    @Test func manyStarsOnALongNameTakeNoTime() {
        let name = String(repeating: "a", count: 2000)
        #expect(!Glob(String(repeating: "*a", count: 50) + "*b").matches(name))
    }

    @Test(arguments: ["cpu*", "?", "[ab]", "[!a]"])
    func hasAWildcard(pattern: String) { #expect(Glob(pattern).hasWildcard) }

    @Test(arguments: ["cpu", "", "disk.[", "a]"])
    func spellsOneNameOnly(pattern: String) { #expect(!Glob(pattern).hasWildcard) }
}
