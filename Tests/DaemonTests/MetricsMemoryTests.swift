// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Daemon
import Testing

@Suite struct MetricsMemoryTests {
    private let memory = MetricsMemory()

    private var texts: [String] {
        memory.figures.map { "\($0.name){\($0.labelText)} \($0)" }
    }

    @Test func whatIsCountedUnderOneNameAddsUp() {
        Counter(label: "samples_total", dimensions: [], factory: memory).increment(by: 3)
        Counter(label: "samples_total", dimensions: [], factory: memory).increment(by: 4)
        #expect(texts == ["samples_total{} 7"])
    }

    @Test func labelsTellFiguresApart() {
        for reason in ["full", "gone", "full"] {
            Counter(label: "dropped_total", dimensions: [("reason", reason)], factory: memory).increment()
        }
        #expect(texts == ["dropped_total{reason=full} 2", "dropped_total{reason=gone} 1"])
    }

    @Test func aGaugeIsWhatItWasSetToLast() {
        CoreMetrics.Meter(label: "domains", dimensions: [], factory: memory).set(70)
        CoreMetrics.Meter(label: "domains", dimensions: [], factory: memory).set(30)
        #expect(texts == ["domains{} 30"])
    }

    @Test func timesAreInSecondsWithTheirMeanAndTheLongest() {
        let timer = CoreMetrics.Timer(
            label: "cycle_seconds", dimensions: [], preferredDisplayUnit: .seconds, factory: memory)
        #expect(texts == ["cycle_seconds{} none"])
        timer.recordNanoseconds(250_000_000)
        timer.recordNanoseconds(1_250_000_000)
        #expect(texts == ["cycle_seconds{} 0.75 mean, 1.25 at most"])
    }

    /// Figures of what comes and goes must not pile up.
    @Test func recordingAgainTakesNoMoreRoom() {
        for _ in 1...1000 { Counter(label: "c", dimensions: [("a", "b")], factory: memory).increment() }
        #expect(memory.figures.count == 1)
    }
}
