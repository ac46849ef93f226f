import Foundation
import Pipelines
import Publishers
import Settings
import Telemetry
import TestSupport
import Testing

// SPDX-License-Identifier: Apache-2.0
@testable import Daemon

/// A real Prometheus is written to, is away for a time, and scrapes.
@Suite(
    .enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized,
    .timeLimit(.minutes(10)))
struct PrometheusTests {
    private let lab = ServicesLab.shared

    private func address() async throws -> String {
        try await lab.up("prometheus")
        return try #require(try await lab.environment()["OSLAB_PROMETHEUS_URL"])
    }

    /// The values of the one series of a resource, oldest first.
    private func values(_ resource: String, at address: String) async throws -> [Double] {
        let query = "ceilometer_cpu%7Bresource=%22\(resource)%22%7D%5B2h%5D"
        let answer = try JSONSerialization.jsonObject(
            with: Data(try await fetched("\(address)/api/v1/query?query=\(query)").utf8))
        let data = (answer as? [String: Any])?["data"] as? [String: Any]
        let series = data?["result"] as? [[String: Any]] ?? []
        #expect(series.count <= 1)
        return (series.first?["values"] as? [[Any]] ?? []).compactMap { ($0.last as? String).flatMap(Double.init) }
    }

    @Test func whatIsWrittenIsReadBack() async throws {
        let address = try await address()
        let id = "vm \"1\"/\(UUID().uuidString)".replacing(" ", with: "").replacing("\"", with: "")
        let delivery = try await Delivery("remotewrite\(address.dropFirst(4))")
        for step in 0..<5 {
            await delivery.put([.of("cpu", Volume(10 + step), resource: id, minutes: Int64(9 - step))])
        }
        #expect(await delivery.end() == 0)
        #expect(try await values(id.replacing("/", with: "%2F"), at: address) == [10, 11, 12, 13, 14])
    }

    @Test func aPrometheusThatIsAwayForATimeMissesNothingAndHasNothingTwice() async throws {
        let address = try await address()
        let id = UUID().uuidString
        let delivery = try await Delivery("remotewrite\(address.dropFirst(4))")
        await delivery.put([.of("cpu", 1, resource: id, minutes: 9)])
        #expect(try await eventually { try await values(id, at: address) == [1] })
        try await lab.down("prometheus")
        for minute in 2...6 {
            await delivery.put([.of("cpu", Volume(minute), resource: id, minutes: Int64(10 - minute))])
        }
        #expect(
            try await eventually { delivery.log.lines.contains { $0.contains("publisher refuses samples; they wait") } }
        )
        try await lab.up("prometheus")
        await delivery.put([.of("cpu", 7, resource: id, minutes: 3)])
        #expect(try await eventually { try await values(id, at: address) == [1, 2, 3, 4, 5, 6, 7] })
        #expect(await delivery.end() == 0)
    }

    @Test func oneSampleThatIsTooOldCostsNoOther() async throws {
        let address = try await address()
        let id = UUID().uuidString
        let delivery = try await Delivery("remotewrite\(address.dropFirst(4))")
        await delivery.put([.of("cpu", 5, resource: id, minutes: 3)])
        #expect(try await eventually { try await values(id, at: address) == [5] })
        let old = Sample.of("cpu", 1, resource: id, minutes: 8)
        let others = (0..<6).map { Sample.of("cpu", 6, resource: "\(id)-\($0)", minutes: 2) }
        await delivery.put([old] + others)
        #expect(await delivery.end() == 1)
        #expect(delivery.deadLetters.count == 1 && delivery.deadLetters[0].contains("out of order"))
        for number in 0..<6 { #expect(try await values("\(id)-\(number)", at: address) == [6]) }
    }

    @Test func aRealPrometheusScrapesTheAgentsEndpoint() async throws {
        let address = try await address()
        let exposed = ExposedSamples()
        let id = UUID().uuidString
        exposed.note(
            PollsterReading(
                [
                    .of("cpu", 77, resource: id, minutes: 0),
                    .of("power.state", 1, kind: .gauge, resource: id, minutes: 0),
                ],
                of: "cpu", every: 60, isWhole: true))
        let configuration = Configuration(
            documents: [
                try INIDocument(
                    path: "h.conf",
                    text: "[polling]\nenable_prometheus_exporter = true\nprometheus_listen_addresses = 127.0.0.1:0\n")
            ], environment: [:])
        let figures = [MetricsFigure(name: "samples_total", labels: [], value: .counter(3))]
        let exporter = try await PrometheusExporter.start(
            try #require(try ExporterOptions(configuration)), exposed, figures: { figures }, log: LogMemory().logger)
        let run = try #require(try await lab.environment()["OSLAB_RUN"])
        try """
        global: {scrape_interval: 1s}
        scrape_configs:
          - {job_name: agents, static_configs: [{targets: ["\(exporter.addresses[0])"]}]}
        """.write(toFile: "\(run)/prometheus/prometheus.yml", atomically: true, encoding: .utf8)
        _ = try await fetched("\(address)/-/reload", "-X", "POST")
        #expect(try await eventually { try await values(id, at: address).last == 77 })
        let types = try await fetched("\(address)/api/v1/metadata?metric=ceilometer_cpu")
        #expect(types.contains("\"type\":\"counter\"") && types.contains("Meter cpu, cumulative, in ns."))
        #expect(try await fetched("\(address)/api/v1/query?query=hypsometer_samples_total").contains("\"3\""))
        #expect(try await fetched("\(address)/api/v1/query?query=up").contains("\"1\""))
    }
}
