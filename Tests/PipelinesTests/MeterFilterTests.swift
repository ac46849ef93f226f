// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Testing

@Suite struct MeterFilterTests {
    private func filter(_ list: String) throws -> MeterFilter {
        let root = try YAMLValue(file: "a.yaml", text: "meters: \(list)\n").mapping(known: ["meters"])
        return try MeterFilter(try #require(root["meters"]))
    }

    private func mistakes(_ list: String) throws -> [String] {
        do {
            _ = try filter(list)
            return []
        } catch let mistakes as Mistakes {
            return mistakes.all.map(\.description)
        }
    }

    @Test(arguments: [
        "[cpu]", "['disk.*', cpu]", "['*']", "['!cpu', '!disk.*']", "['*', '!cpu']", "['*.x', '!b']", "['*.x', '*']",
    ])
    func takesWhatCeilometerTakes(list: String) throws {
        #expect(try mistakes(list) == [])
    }

    @Test(arguments: [
        ("[cpu, '!disk.*']", "\"cpu\" together with \"!disk.*\"; allowed: either names to take or !names to leave out"),
        ("['a*', '!b']", "\"a*\" together with \"!b\"; allowed: either names to take or !names to leave out"),
        ("['*', cpu, '!b']", "\"cpu\" together with \"!b\"; allowed: either names to take or !names to leave out"),
        ("[cpu, '*']", "\"cpu\" together with \"*\"; allowed: \"*\" alone, as it takes all"),
        ("['?a', '*']", "\"?a\" together with \"*\"; allowed: \"*\" alone, as it takes all"),
        ("[]", "an empty list; allowed: a list of meter names or shell patterns, not empty"),
        ("cpu", "\"cpu\"; allowed: a list of meter names or shell patterns, not empty"),
        ("", "nothing; allowed: a list of meter names or shell patterns, not empty"),
    ])
    func refusesWhatCeilometerRefuses(list: String, words: String) throws {
        #expect(try mistakes(list) == ["a.yaml:1: meters: \(words)"])
    }

    @Test func anExclamationMarkAloneLeavesNothingOut() throws {
        #expect(try mistakes("['!']") == ["a.yaml:1: meters[0]: \"!\"; allowed: a pattern after the !"])
    }

    @Test func everyItemThatIsNoTextIsTold() throws {
        #expect(
            try mistakes("[cpu, [x], {y: z}, ~]") == [
                "a.yaml:1: meters[1]: a list; allowed: a text, not empty",
                "a.yaml:1: meters[2]: a mapping; allowed: a text, not empty",
                "a.yaml:1: meters[3]: \"~\"; allowed: a text, not empty",
            ])
    }

    @Test(arguments: [
        (["cpu"], "cpu", true), (["cpu"], "CPU", false), (["cpu"], "cpu_util", false), (["disk.*"], "disk.usage", true),
        (["*"], "cpu", true), (["!cpu"], "cpu", false), (["!cpu"], "memory", true), (["!disk.*"], "disk.usage", false),
        (["*", "!cpu"], "cpu", false), (["*", "!cpu"], "memory", true), (["*.bytes", "!a*"], "b.bytes", true),
        (["*.bytes", "!a*"], "a.bytes", false), (["*.bytes", "!a*"], "cpu", false),
        (["cpu", "memory"], "memory", true),
        (["[!c]pu"], "cpu", false), (["[!c]pu"], "apu", true),
    ])
    func takesAMeter(patterns: [String], meter: String, isTaken: Bool) {
        #expect(MeterFilter(patterns: patterns).takes(meter) == isTaken)
    }

    @Test func everythingTakesEverything() {
        #expect(MeterFilter.everything.takes("cpu") && MeterFilter.everything.takes(""))
    }

    @Test func knowsWhereEachPatternStands() throws {
        let filter = try filter("\n  - cpu\n  - 'disk.*'")
        #expect(filter.places["cpu"]?.line == 2)
        #expect(filter.places["disk.*"]?.line == 3)
    }
}
