// SPDX-License-Identifier: Apache-2.0
import CoreMetrics
import Daemon
import Testing

@Suite struct PrometheusTextTests {
    @Test func figuresAreToldWithTheirKindAndLabels() {
        let memory = MetricsMemory()
        Counter(label: "samples_total", dimensions: [("to", "udp"), ("why", "a \"b\\\n")], factory: memory).increment()
        Counter(label: "samples_total", dimensions: [("to", "http")], factory: memory).increment(by: 7)
        Gauge(label: "queue.length", factory: memory).record(2.5)
        let timer = Timer(label: "cycle_seconds", factory: memory)
        timer.recordMilliseconds(500)
        timer.recordMilliseconds(1500)
        #expect(
            String(decoding: PrometheusText(memory.figures).bytes, as: UTF8.self) == """
                # TYPE cycle_seconds summary
                cycle_seconds_count 2
                cycle_seconds_sum 2.0
                # TYPE queue_length gauge
                queue_length 2.5
                # TYPE samples_total counter
                samples_total{to="http"} 7
                samples_total{to="udp",why="a \\"b\\\\\\n"} 1
                # TYPE cycle_seconds_max gauge
                cycle_seconds_max 1.5

                """)
    }

    @Test func aNameThatPrometheusDoesNotTakeIsMadeOne() {
        let memory = MetricsMemory()
        Counter(label: "9 lives/é", factory: memory).increment()
        #expect(String(decoding: PrometheusText(memory.figures).bytes, as: UTF8.self).contains("\n_9_lives__ 1\n"))
    }
}
