import Foundation
import Pipelines
import Telemetry
import TestSupport
import Testing

// SPDX-License-Identifier: Apache-2.0
@testable import Daemon
@testable import Publishers

/// What a scraper reads, and how long.
@Suite(.timeLimit(.minutes(2))) struct ExpositionTests {
    private func text(
        _ readings: [PollsterReading], figures: [MetricsFigure] = [], as dialect: PrometheusDialect = .text,
        after seconds: Int = 0
    ) -> String {
        let exposed = ExposedSamples()
        let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
        for reading in readings { exposed.note(reading, at: start) }
        var page = ExpositionPage(exposed.current(at: start + .seconds(seconds)), figures: figures, as: dialect)
        var bytes: [UInt8] = []
        while let piece = page.next() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func sample(
        _ meter: String, _ kind: Meter.Kind = .gauge, _ volume: Volume = 1, of id: String = "vm-1",
        metadata: Metadata = [:], second: Int64 = 60
    ) -> Sample {
        Sample(
            Meter(meter, kind, unit: "ns"), volume, of: Resource(id: id, metadata: metadata),
            at: Timestamp(microseconds: second * 1_000_000))
    }

    private func reading(_ samples: [Sample], isWhole: Bool = true) -> PollsterReading {
        PollsterReading(samples, of: "cpu", every: 60, isWhole: isWhole)
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.contains("hypsometer_reading") }
    }

    @Test func aCounterIsACounterAndAGaugeAGauge() {
        let text = text([reading([sample("power.state"), sample("cpu", .cumulative, 9_007_199_254_740_993)])])
        #expect(
            lines(text) == [
                "# HELP ceilometer_cpu Meter cpu, cumulative, in ns.", "# TYPE ceilometer_cpu counter",
                "ceilometer_cpu{counter=\"cpu\",cpu=\"vm-1\",publisher=\"ceilometer\",resource=\"vm-1\",type=\"cpu\",unit=\"ns\"} 9007199254740993",
                "# HELP ceilometer_power_state Meter power.state, gauge, in ns.",
                "# TYPE ceilometer_power_state gauge",
                "ceilometer_power_state{counter=\"power.state\",power=\"vm-1\",publisher=\"ceilometer\",resource=\"vm-1\",type=\"state\",unit=\"ns\"} 1",
            ])
    }

    @Test(.enabled(if: RecordedCases.areThere, Comment(rawValue: RecordedCases.absence)))
    func namesAndLabelsAreThoseOfARealCeilometerExporter() throws {
        let samples = try RecordedCases.samples("test-3.pub-file.jsonl")
        let ours = Set(samples.map { "\(PrometheusSeries($0).name)\(PrometheusSeries($0).labelText)" })
        let theirs = try RecordedCases.lines("test-3.ceilometer-prom.prom").filter { $0.hasPrefix("ceilometer_") }
            .compactMap { line in line.lastIndex(of: " ").map { String(line[..<$0]) } }
        #expect(theirs.count == 57)
        #expect(Set(theirs).subtracting(ours).sorted() == [])
    }

    @Test func aDomainThatIsNoLongerFoundIsGone() {
        let both = reading([sample("cpu", of: "vm-1"), sample("cpu", of: "vm-2")])
        let one = reading([sample("cpu", of: "vm-1", second: 120)])
        let text = text([both, one])
        #expect(text.contains("resource=\"vm-1\"") && !text.contains("vm-2"))
        #expect(lines(self.text([both, reading([])])) == [])
    }

    @Test func aReadingThatFailsTwiceLeavesTheLastInPlaceAndThreeTimesNone() {
        let known = reading([sample("cpu")])
        #expect(text([known], after: 179).contains("ceilometer_cpu{"))
        #expect(text([known], after: 180) == "")
    }

    @Test func whatAPartialReadingLacksIsNotTakenForVanished() {
        let text = text([
            reading([sample("cpu", of: "vm-1"), sample("cpu", of: "vm-2")]),
            reading([sample("cpu", .gauge, 7, of: "vm-1", second: 120)], isWhole: false),
        ])
        let values = lines(text).filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").last }
        #expect(values == ["7", "1"])
    }

    @Test func aSeriesOfTwoSourcesStandsOnceWithItsNewestValue() {
        let slow = PollsterReading([sample("cpu", .gauge, 1)], of: "cpu", every: 300, isWhole: true)
        let fast = PollsterReading([sample("cpu", .gauge, 2, second: 90)], of: "cpu", every: 10, isWhole: true)
        let values = lines(text([slow, fast])).filter { !$0.hasPrefix("#") }
        #expect(values.count == 1 && values[0].hasSuffix(" 2"))
    }

    @Test func whatWouldEndALabelIsEscaped() {
        let text = text([reading([sample("cpu", metadata: ["name": "a\"b\\c\nd"])])])
        #expect(text.contains(#"resource_name="a\"b\\c\nd""#))
    }

    @Test func openMetricsHasItsSuffixesAndItsEnd() {
        let own = [MetricsFigure(name: "samples_total", labels: [("x", "y")], value: .counter(3))]
        let text = text([reading([sample("cpu", .cumulative)])], figures: own, as: .openMetrics)
        #expect(text.contains("# TYPE ceilometer_cpu counter\nceilometer_cpu_total{"))
        #expect(text.contains("# TYPE hypsometer_samples counter\nhypsometer_samples_total{x=\"y\"} 3\n"))
        #expect(text.hasSuffix("\n# EOF\n"))
    }

    @Test(arguments: [
        ([], PrometheusDialect.text), (["*/*"], .text), (["application/openmetrics-text; version=1.0.0"], .openMetrics),
        (["application/openmetrics-text;version=1.0.0;q=0.5", "text/plain;version=0.0.4;q=0.2", "*/*;q=0.1"], .text),
        (["application/openmetrics-text", "text/plain;q=0"], .openMetrics), (["image/png"], .text),
    ])
    func aScraperGetsTheFormItTakes(accept: [String], dialect: PrometheusDialect) {
        #expect(ExporterHandler.dialect(accepting: accept.map { $0[...] }) == dialect)
    }

    private static let hasPromtool = (try? Shell.run("promtool", ["--version"], timeout: .seconds(20)))?.status == 0

    @Test(
        .enabled(if: RecordedCases.areThere, Comment(rawValue: RecordedCases.absence)),
        .enabled(if: hasPromtool, "promtool is not installed"))
    func promtoolAcceptsIt() async throws {
        let figures = [
            MetricsFigure(name: "cycle_seconds", labels: [], value: .distribution(count: 2, sum: 0.5, largest: 0.3)),
            MetricsFigure(name: "samples_total", labels: [], value: .counter(114)),
        ]
        let page = text(
            [reading(try RecordedCases.samples("test-3.pub-file.jsonl") + [sample("q", metadata: ["name": "\"\\\n"])])],
            figures: figures)
        let directory = try TemporaryDirectory()
        let path = try directory.write(page, to: "page")
        let output = try await onThread {
            let result = try Shell.run("sh", ["-c", "promtool check metrics < \(path)"])
            return result.output + result.error
        }
        // That names lack `_total` is so that they are Ceilometer's.
        let others = output.split(separator: "\n").filter {
            !$0.hasSuffix("counter metrics should have \"_total\" suffix")
        }
        #expect(others == [])
        #expect(output.contains("ceilometer_cpu counter metrics"), "promtool has read it")
    }
}
