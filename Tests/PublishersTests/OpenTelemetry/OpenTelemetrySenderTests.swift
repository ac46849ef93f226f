// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Telemetry
import TestSupport
import Testing

/// `opentelemetryhttp://`: OTLP as its receivers take it.
@Suite(.timeLimit(.minutes(2))) struct OpenTelemetrySenderTests {
    private func sample(_ meter: String, _ kind: Meter.Kind, _ volume: Volume, second: Int64 = 60) -> Sample {
        Sample(
            Meter(meter, kind, unit: "B"), volume,
            of: Resource(id: "vm-1", projectID: "p", metadata: ["display_name": "web", "instance_host": "cn1"]),
            at: Timestamp(microseconds: second * 1_000_000 + 5))
    }

    private func send(
        _ samples: [Sample],
        _ answer: @escaping @Sendable (HTTPSink.Request) -> HTTPSink.Answer = { _ in .init(200, body: "{}") }
    ) async throws -> (letters: [DeadLetter], requests: [HTTPSink.Request]) {
        let sink = try HTTPSink(answer: answer)
        let sender = try sender("opentelemetryhttp://127.0.0.1:\(sink.port)")
        return (try await sender.send(await sender.encode(samples)), sink.requests)
    }

    @Test func aCounterIsAMonotonicSumAGaugeAGaugeAndAChangeASumOfChanges() async throws {
        let (letters, requests) = try await send([
            sample("disk.read.bytes", .cumulative, .init(UInt64.max - 1)),
            sample("disk.read.bytes", .cumulative, 7, second: 30), sample("memory.usage", .gauge, 1.5),
            sample("network.incoming.bytes.delta", .delta, 9),
        ])
        #expect(letters == [])
        let request = try #require(requests.first)
        #expect(request.path == "/v1/metrics" && request.headers["content-type"] == "application/json")
        let expected = """
            {"resourceMetrics": [{
              "resource": {"attributes": [
                {"key": "service.name", "value": {"stringValue": "hypsometer"}},
                {"key": "service.instance.id", "value": {"stringValue": "vm-1"}},
                {"key": "host.name", "value": {"stringValue": "cn1"}},
                {"key": "resource_id", "value": {"stringValue": "vm-1"}},
                {"key": "project_id", "value": {"stringValue": "p"}},
                {"key": "display_name", "value": {"stringValue": "web"}},
                {"key": "source", "value": {"stringValue": "openstack"}}]},
              "scopeMetrics": [{"scope": {"name": "hypsometer", "version": "1"}, "metrics": [
                {"name": "disk.read.bytes", "description": "disk.read.bytes unit:B", "unit": "B", "sum": {
                  "dataPoints": [
                    {"attributes": ATTRIBUTES, "timeUnixNano": "30000005000", "asInt": "7"},
                    {"attributes": ATTRIBUTES, "timeUnixNano": "60000005000", "asDouble": 18446744073709551614}],
                  "aggregationTemporality": 2, "isMonotonic": true}},
                {"name": "memory.usage", "description": "memory.usage unit:B", "unit": "B", "gauge": {
                  "dataPoints": [{"attributes": ATTRIBUTES, "timeUnixNano": "60000005000", "asDouble": 1.5}]}},
                {"name": "network.incoming.bytes.delta", "description": "network.incoming.bytes.delta unit:B", "unit": "B",
                 "sum": {"dataPoints": [{"attributes": ATTRIBUTES, "timeUnixNano": "60000005000", "asInt": "9"}],
                  "aggregationTemporality": 1, "isMonotonic": false}}]}]}]}
            """.replacing(
                "ATTRIBUTES",
                with: """
                    [{"key": "resource_id", "value": {"stringValue": "vm-1"}}, {"key": "project_id", "value": {"stringValue": "p"}}]
                    """)
        #expect(
            try JSONSerialization.jsonObject(with: request.body) as? NSDictionary
                == JSONSerialization.jsonObject(with: Data(expected.utf8)) as? NSDictionary)
    }

    @Test func whatIsRejectedOfABatchIsCountedThoughNobodySaysWhich() async throws {
        let body = #"{"partialSuccess": {"rejectedDataPoints": "2", "errorMessage": "too old"}}"#
        let (letters, requests) = try await send(
            (0..<3).map { sample("cpu", .gauge, Volume($0), second: Int64($0)) }
        ) { _ in .init(200, body: body) }
        #expect(letters.map(\.reason) == Array(repeating: "rejected: too old, and not which of 3", count: 2))
        #expect(requests.count == 1, "OTLP forbids to send it again")
        let all = try await send([sample("cpu", .gauge, 1)]) { _ in .init(200, body: body) }.letters
        #expect(all.map(\.reason) == ["rejected: too old"])
        #expect(String(decoding: try #require(all.first).sample, as: UTF8.self).contains("\"resource_id\":\"vm-1\""))
    }

    @Test func aRubbishAnswerToWhatWasTakenIsNoFailure() async throws {
        #expect(try await send([sample("cpu", .gauge, 1)]) { _ in .init(200, body: "\u{1}{{") }.letters == [])
    }
}
