// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct YAMLValueTests {
    private func line(_ text: String, _ read: (YAMLValue) throws -> Void = { _ in }) -> String {
        do {
            try read(YAMLValue(file: "a.yaml", text: text))
            return "no mistake"
        } catch {
            return "\(error)"
        }
    }

    private func a(_ value: YAMLValue) throws -> YAMLValue { try #require(try value.mapping(known: ["a", "b"])["a"]) }

    @Test func readsTextsNumbersAndLists() throws {
        let root = try YAMLValue(file: "a.yaml", text: "a: [x, \"1\", 2]\nb: 300\n").mapping(known: ["a", "b"])
        #expect(try root["a"]?.list(of: "texts").map { try $0.string() } == ["x", "1", "2"])
        #expect(try root["b"]?.integer(1...1000, unit: "seconds") == 300)
    }

    @Test func aQuotedNumberIsANumberToo() throws {
        #expect(try a(YAMLValue(file: "a.yaml", text: "a: '300'")).integer(1...1000, unit: "seconds") == 300)
    }

    @Test func knowsItsPathAndLine() throws {
        let root = try YAMLValue(file: "a.yaml", text: "b: 1\na:\n  - a: x\n  - a: y\n")
        let second = try a(try a(root).list(of: "things")[1])
        #expect(second.path == "a[1].a")
        #expect(second.place == .init("a.yaml", line: 4))
    }

    @Test func anAnchorStandsForItsValue() throws {
        let root = try YAMLValue(file: "a.yaml", text: "a: &x [p, q]\nb: *x\n").mapping(known: ["a", "b"])
        #expect(try root["b"]?.list(of: "texts").map { try $0.string() } == ["p", "q"])
    }

    @Test func whatIsMergedInStandsWhereNothingElseDoes() throws {
        let text = """
            a: &first {name: one, interval: 60}
            b: {<<: *first, name: two}
            """
        let both = try YAMLValue(file: "a.yaml", text: text).mapping(known: ["a", "b"])
        let fields = try #require(both["b"]).mapping(known: ["name", "interval"])
        #expect(try fields["name"]?.string() == "two")
        #expect(try fields["interval"]?.integer(1...100, unit: "seconds") == 60)
        #expect(fields["interval"]?.path == "b.interval")
    }

    @Test func ofSeveralThatAreMergedInTheFirstWins() throws {
        let text = "{a: {<<: [{x: 1, y: 1}, {y: 2, z: 2}], z: 3}}"
        let merged = try YAMLValue(file: "a.yaml", text: text).mapping(known: ["a"])["a"]
        let values = try #require(merged).namedValues(of: "numbers")
        #expect(
            try Dictionary(uniqueKeysWithValues: values.map { ($0.name, try $0.value.string()) }) == [
                "x": "1", "y": "1", "z": "3",
            ])
    }

    @Test func whatIsNoMappingCanNotBeMergedIn() {
        #expect(
            line("a: {<<: 5}") { _ = try $0.mapping(known: ["a"])["a"]?.mapping(known: []) }
                == "a.yaml:1: a: \"5\"; allowed: a mapping, or a list of them")
    }

    @Test(arguments: ["300", "'300'", "300.0"]) func aWholeNumberMayHaveAPoint(text: String) throws {
        #expect(try a(YAMLValue(file: "a.yaml", text: "a: \(text)")).integer(1...1000, unit: "seconds") == 300)
    }

    @Test(arguments: [
        ("a: 0", "\"0\""), ("a: 1001", "\"1001\""), ("a: 5m", "\"5m\""), ("a: 1.5", "\"1.5\""), ("a: true", "\"true\""),
        ("a:", "nothing"), ("a: []", "an empty list"), ("a: [1]", "a list"), ("a: {b: 1}", "a mapping"),
    ])
    func whatIsNoNumberIsSaid(text: String, found: String) {
        #expect(
            line(text) { _ = try a($0).integer(1...1000, unit: "seconds") }
                == "a.yaml:1: a: \(found); allowed: seconds, a whole number from 1 to 1000")
    }

    @Test(arguments: [("a:", "nothing"), ("a: ~", "\"~\""), ("a: ''", "nothing"), ("a: [x]", "a list")])
    func whatIsNoTextIsSaid(text: String, found: String) {
        #expect(line(text) { _ = try a($0).string() } == "a.yaml:1: a: \(found); allowed: a text, not empty")
    }

    @Test(arguments: [("a: x", "\"x\""), ("a: []", "an empty list"), ("a: {b: 1}", "a mapping"), ("a:", "nothing")])
    func whatIsNoListIsSaid(text: String, found: String) {
        #expect(
            line(text) { _ = try a($0).list(of: "meters") }
                == "a.yaml:1: a: \(found); allowed: a list of meters, not empty")
    }

    @Test func unknownKeysAreAllToldWithTheNearest() {
        let text = line("intervall: 1\nnane: 2\n") { _ = try $0.mapping(known: ["name", "interval"]) }
        #expect(
            text == """
                a.yaml:1: unknown name "intervall"; allowed: one of interval, name; did you mean interval?
                a.yaml:2: unknown name "nane"; allowed: one of interval, name; did you mean name?
                """)
    }

    @Test func aPasswordInAURLIsHidden() {
        #expect(!line("a: http://u:secret@h") { _ = try a($0).integer(1...2, unit: "s") }.contains("secret"))
    }

    @Test(arguments: [
        ("a: [x\nb: 1\n", 2), ("a: \"x\n", 2), ("a: x\n\tb: 1\n", 2), ("a: x\n b: 1\n", 2), ("a: %x\nb: @y\n", 1),
        ("b: 1\na: 1\na: 2\n", 2), ("a: *nosuch\n", 1), ("a: 1\n---\nb: 2\n", 2),
    ])
    func whatIsNoYAMLIsToldWithItsLine(text: String, number: Int) {
        let found = line(text)
        #expect(found.hasPrefix("a.yaml:\(number): "), "\(found)")
        #expect(!found.contains("\n") && !found.contains("YamlError"), "\(found)")
    }

    @Test(arguments: ["", "# nothing\n", "---\n"])
    func anEmptyFileIsAMistake(text: String) {
        let found = line(text) { _ = try $0.mapping(known: ["sources"]) }
        #expect(found.hasPrefix("a.yaml") && found.contains("; allowed: a "), "\(found)")
    }
}
