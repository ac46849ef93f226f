// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Testing

@Suite struct PipelineDefinitionTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(Mistakes) {
            _ = try PipelineDefinition(file: "pipeline.yaml", text: text)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func readsSourcesAndSinks() throws {
        let text = """
            sources:
                - name: meter_source
                  meters: ["*"]
                  sinks: [meter_sink, other_sink]
            sinks:
                - name: meter_sink
                  publishers: ["file:///var/log/a.jsonl?max_bytes=1000&backup_count=3", stdout]
                - name: other_sink
                  publishers: ["stdout://?format=json"]
            """
        let definition = try PipelineDefinition(file: "pipeline.yaml", text: text)
        #expect(definition.sources.map(\.name) == ["meter_source"])
        #expect(definition.sources.first?.sinks == ["meter_sink", "other_sink"])
        let publishers = definition.sinks.flatMap(\.publishers)
        #expect(publishers.map(\.scheme) == ["file", "stdout", "stdout"])
        #expect(publishers.map(\.location) == ["/var/log/a.jsonl", "", ""])
        #expect(publishers.map(\.options) == [["max_bytes": "1000", "backup_count": "3"], [:], ["format": "json"]])
        #expect(publishers.map(\.place.line) == [7, 7, 9])
    }

    @Test func withoutAFileEverythingGoesToStandardOutput() {
        let definition = PipelineDefinition.standardOutput
        #expect(definition.sources.allSatisfy { $0.meters.takes("cpu") })
        #expect(definition.sinks.flatMap(\.publishers).map(\.scheme) == ["stdout"])
    }

    private let sink = "sinks: [{name: s, publishers: [stdout]}]\n"

    @Test func aSinkThatIsNotThereIsToldWithTheNearest() {
        let text =
            "sinks: [{name: meter_sink, publishers: [stdout]}]\n"
            + "sources:\n- {name: a, meters: [x], sinks: [metersink]}\n"
        #expect(
            mistakes(text) == [
                "pipeline.yaml:3: sources[0].sinks[0]: unknown name \"metersink\"; allowed: one of meter_sink; "
                    + "did you mean meter_sink?"
            ])
    }

    @Test func aBrokenSinkIsNotMissedBySourcesToo() {
        let source = "sources: [{name: a, meters: [x], sinks: [s]}]\n"
        #expect(
            mistakes(source + "sinks: [{name: s, publishers: []}]\n") == [
                "pipeline.yaml:2: sinks[0].publishers: an empty list; allowed: a list of publisher URLs, not empty"
            ])
        #expect(
            mistakes(source + "sinks: []\n") == [
                "pipeline.yaml:2: sinks: an empty list; allowed: a list of sinks, not empty"
            ])
    }

    @Test(arguments: [
        (
            "{name: a, meters: [x], sinks: []}",
            "sources[0].sinks: an empty list; allowed: a list of sink names, not empty"
        ),
        ("{name: a, meters: [x], sinks: s}", "sources[0].sinks: \"s\"; allowed: a list of sink names, not empty"),
        ("{name: a, meters: [x]}", "sources[0]: a source without sinks; allowed: name, meters and sinks"),
        ("{name: a, sinks: [s]}", "sources[0]: a source without meters; allowed: name, meters and sinks"),
        ("{meters: [x], sinks: [s]}", "sources[0]: a source without name; allowed: name, meters and sinks"),
        ("x", "sources[0]: \"x\"; allowed: a mapping with name, meters, sinks"),
    ])
    func aMistakeInASourceIsToldWithItsLine(source: String, words: String) {
        #expect(mistakes(sink + "sources:\n- \(source)\n") == ["pipeline.yaml:3: \(words)"])
    }

    @Test(arguments: [
        ("{name: b}", "sinks[1]: a sink without publishers; allowed: name and publishers"),
        ("{publishers: [stdout]}", "sinks[1]: a sink without name; allowed: name and publishers"),
        ("{name: s, publishers: [stdout]}", "sinks[1].name: a second sink \"s\"; allowed: each name once"),
    ])
    func aMistakeInASinkIsToldWithItsLine(second: String, words: String) {
        let text =
            "sources: [{name: a, meters: [x], sinks: [s]}]\nsinks:\n- {name: s, publishers: [stdout]}\n- \(second)\n"
        #expect(mistakes(text) == ["pipeline.yaml:4: \(words)"])
    }

    @Test func aSecondSourceOfAnEqualNameIsAMistake() {
        let source = "- {name: a, meters: [x], sinks: [s]}\n"
        #expect(
            mistakes(sink + "sources:\n\(source)\(source)")
                == ["pipeline.yaml:4: sources[1].name: a second source \"a\"; allowed: each name once"])
    }

    @Test(arguments: [("sources: [{name: a, meters: [x], sinks: [s]}]", "no sinks"), ("sinks: []", "no sources")])
    func bothHalvesAreNeeded(text: String, words: String) {
        #expect(mistakes(text) == ["pipeline.yaml:1: \(words); allowed: a mapping with sources and sinks"])
    }

    @Test func severalMistakesAreToldAtOnce() {
        let text =
            "sinks:\n- {name: s, publishers: ['', 's p://']}\n- {name: t}\n"
            + "sources:\n- {name: a, meters: [], sinks: []}\n"
        #expect(
            mistakes(text).map { $0.prefix(17) } == [
                "pipeline.yaml:2: ", "pipeline.yaml:2: ", "pipeline.yaml:3: ", "pipeline.yaml:5: ", "pipeline.yaml:5: ",
            ])
    }
}
