// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Testing

@Suite struct PollingDefinitionTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(Mistakes) {
            _ = try PollingDefinition(file: "polling.yaml", text: text)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func readsASource() throws {
        let text = """
            sources:
                - name: disks
                  interval: 300
                  meters:
                    - disk.*
                  resources: ["vm-1", "snmp://h"]
                  discovery: ["local_instances", "endpoint:compute"]
                  group_id_coordination_expression: "'x'"
            """
        let source = try #require(try PollingDefinition(file: "polling.yaml", text: text).sources.first)
        #expect(source.name == "disks")
        #expect(source.interval == 300)
        #expect(source.meters.takes("disk.usage") && !source.meters.takes("cpu"))
        #expect(source.resources == ["vm-1", "snmp://h"])
        #expect(source.discovery == ["local_instances", "endpoint:compute"])
        #expect(source.place == .init("polling.yaml", line: 2))
    }

    @Test func keepsTheOrderOfSources() throws {
        let text = "sources: [{name: b, interval: 1, meters: [x]}, {name: a, interval: 1, meters: [x]}]"
        #expect(try PollingDefinition(file: "polling.yaml", text: text).sources.map(\.name) == ["b", "a"])
    }

    @Test(arguments: ["[]", "", "~"])
    func noResourcesAndNoDiscoveryMayBeWrittenOut(nothing: String) throws {
        let text = "sources:\n- {name: a, interval: 60, meters: [cpu]}\n"
        let written =
            "sources:\n- name: a\n  interval: 60\n  meters: [cpu]\n  resources: \(nothing)\n  discovery: \(nothing)\n"
        let plain = try #require(try PollingDefinition(file: "polling.yaml", text: text).sources.first)
        let source = try #require(try PollingDefinition(file: "polling.yaml", text: written).sources.first)
        #expect(source.resources == plain.resources && source.discovery == plain.discovery)
    }

    @Test func withoutAFileEverythingIsPolledEvery300Seconds() {
        #expect(PollingDefinition.everything.sources.map(\.interval) == [300])
        #expect(PollingDefinition.everything.sources.allSatisfy { $0.meters.takes("cpu") })
        #expect(!PollingDefinition.everything.isWritten)
    }

    @Test(arguments: [
        ("name: a\n  interval: 0\n  meters: [cpu]", 3, "sources[0].interval: \"0\""),
        ("name: a\n  interval: -1\n  meters: [cpu]", 3, "sources[0].interval: \"-1\""),
        ("name: a\n  interval: 5m\n  meters: [cpu]", 3, "sources[0].interval: \"5m\""),
        ("name: a\n  interval: 999999999\n  meters: [cpu]", 3, "sources[0].interval: \"999999999\""),
        ("name: a\n  interval: 60", 2, "sources[0]: a source without meters"),
        ("name: a\n  meters: [cpu]", 2, "sources[0]: a source without interval"),
        ("interval: 60\n  meters: [cpu]", 2, "sources[0]: a source without name"),
        ("name: [a]\n  interval: 60\n  meters: [cpu]", 2, "sources[0].name: a list"),
        ("name: a\n  interval: 60\n  meters: []", 4, "sources[0].meters: an empty list"),
        ("name: a\n  interval: 60\n  meters: cpu", 4, "sources[0].meters: \"cpu\""),
        ("name: a\n  interval: 60\n  meters: [cpu]\n  resources: {x: y}", 5, "sources[0].resources: a mapping"),
        ("name: a\n  interval: 60\n  meters: [cpu]\n  discovery: local", 5, "sources[0].discovery: \"local\""),
        ("name: a\n  interval: 60\n  meter: [cpu]", 4, "sources[0]: unknown name \"meter\""),
    ])
    func aMistakeIsToldWithItsLine(source: String, line: Int, words: String) {
        let found = mistakes("sources:\n- \(source)\n")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("polling.yaml:\(line): \(words);") == true, "\(found)")
    }

    @Test func aSecondSourceOfAnEqualNameIsAMistake() {
        let source = "- name: a\n  interval: 60\n  meters: [cpu]\n"
        #expect(
            mistakes("sources:\n\(source)\(source)") == [
                "polling.yaml:5: sources[1].name: a second source \"a\"; "
                    + "allowed: each name once; the first is at line 2"
            ])
    }

    @Test func severalMistakesAreToldAtOnce() {
        let text = "sources:\n- {name: a, interval: 0, meters: []}\n- {name: b, interval: x, meters: [cpu, '*']}\n- 7\n"
        #expect(
            mistakes(text).map { $0.prefix(16) }.sorted() == Array(repeating: "polling.yaml:2: ", count: 2)
                + Array(repeating: "polling.yaml:3: ", count: 2) + ["polling.yaml:4: "])
    }

    @Test(arguments: [
        ("sources: []", "polling.yaml:1: sources: an empty list; allowed: a list of sources, not empty"),
        ("sources:", "polling.yaml:1: sources: nothing; allowed: a list of sources, not empty"),
        ("{}", "polling.yaml:1: no sources; allowed: a mapping with sources"),
        ("- cpu", "polling.yaml:1: a list; allowed: a mapping with sources"),
        ("", "polling.yaml: an empty file, or comments alone; allowed: a YAML mapping"),
        ("source: []", "polling.yaml:1: unknown name \"source\"; allowed: sources; did you mean sources?"),
    ])
    func aFileWithoutSourcesIsAMistake(text: String, line: String) {
        #expect(mistakes(text) == [line])
    }
}
