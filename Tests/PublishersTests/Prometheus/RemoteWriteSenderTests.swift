// SPDX-License-Identifier: Apache-2.0
import CSnappy
import Foundation
import Pipelines
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Publishers

/// `remotewrite://`: what goes over the wire, and what is made of the answers. Tests/Services has a real Prometheus.
@Suite(.timeLimit(.minutes(2))) struct RemoteWriteSenderTests {
    private func sample(_ meter: String, _ volume: Volume = 1, of id: String = "vm-1", second: Int64 = 60) -> Sample {
        Sample(
            Meter(meter, .cumulative, unit: "ns"), volume, of: Resource(id: id),
            at: Timestamp(microseconds: second * 1_000_000))
    }

    private func send(_ samples: [Sample], _ sink: HTTPSink) async throws -> [DeadLetter] {
        let sender = try sender("remotewrite://127.0.0.1:\(sink.port)")
        return try await sender.send(await sender.encode(samples))
    }

    private static func decompressed(_ body: Data) throws -> [UInt8] {
        let input = body.map { CChar(bitPattern: $0) }
        var count = 0
        try #require(snappy_uncompressed_length(input, input.count, &count) == SNAPPY_OK)
        var output = [CChar](repeating: 0, count: count)
        try #require(snappy_uncompress(input, input.count, &output, &count) == SNAPPY_OK)
        return output.map { UInt8(bitPattern: $0) }
    }

    /// The fields of a message: a number, or its bytes.
    private static func fields(_ bytes: [UInt8]) -> [(field: Int, number: UInt64, bytes: [UInt8])] {
        var index = 0
        func varint() -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while bytes[index] > 0x7F {
                value |= UInt64(bytes[index] & 0x7F) << shift
                (shift, index) = (shift + 7, index + 1)
            }
            index += 1
            return value | UInt64(bytes[index - 1]) << shift
        }
        var fields: [(field: Int, number: UInt64, bytes: [UInt8])] = []
        while index < bytes.count {
            let tag = varint()
            let field = Int(tag >> 3)
            switch tag & 7 {
            case 0: fields.append((field, varint(), []))
            case 1:
                let number = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[index + $1]) << UInt64(8 * $1) }
                fields.append((field, number, []))
                index += 8
            default:
                let count = Int(varint())
                fields.append((field, 0, Array(bytes[index..<index + count])))
                index += count
            }
        }
        return fields
    }

    /// The series of a request, each as its labels and its points.
    private static func series(_ body: Data) throws -> [(labels: [String], points: [(Int64, Double)])] {
        fields(try decompressed(body)).filter { $0.field == 1 }.map { series in
            var labels: [String] = []
            var points: [(Int64, Double)] = []
            for part in fields(series.bytes) {
                let inner = fields(part.bytes)
                if part.field == 1 {
                    labels.append(inner.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "="))
                } else {
                    points.append((Int64(inner[1].number), Double(bitPattern: inner[0].number)))
                }
            }
            return (labels, points)
        }
    }

    @Test func aSeriesHasItsLabelsByNameAndItsPointsByTime() async throws {
        let sink = try HTTPSink()
        _ = try await send(
            [sample("cpu", 3, second: 120), sample("cpu", 2), sample("power.state", 1, of: "vm-2")], sink)
        let request = try #require(sink.requests.first)
        #expect(sink.requests.count == 1)
        #expect(request.path == "/api/v1/write")
        #expect(request.headers["content-encoding"] == "snappy")
        #expect(request.headers["content-type"] == "application/x-protobuf")
        #expect(request.headers["x-prometheus-remote-write-version"] == "0.1.0")
        let series = try Self.series(request.body)
        #expect(
            series.map(\.labels) == [
                [
                    "__name__=ceilometer_cpu", "counter=cpu", "cpu=vm-1", "publisher=ceilometer", "resource=vm-1",
                    "type=cpu",
                    "unit=ns",
                ],
                [
                    "__name__=ceilometer_power_state", "counter=power.state", "power=vm-2", "publisher=ceilometer",
                    "resource=vm-2", "type=state", "unit=ns",
                ],
            ])
        #expect(series[0].points.map(\.0) == [60_000, 120_000] && series[0].points.map(\.1) == [2, 3])
        let metadata = Self.fields(try Self.decompressed(request.body)).filter { $0.field == 3 }.map {
            Self.fields($0.bytes)
        }
        #expect(metadata.map { $0[0].number } == [1, 1], "counters")
        #expect(String(decoding: metadata[0][2].bytes, as: UTF8.self) == "Meter cpu, cumulative, in ns.")
    }

    @Test func aRefusedSampleIsFoundAndTheOthersAreTaken() async throws {
        let taken = Mutex<Set<String>>([])
        let sink = try HTTPSink { request in
            guard let series = try? Self.series(request.body) else { return .init(500) }
            let ids = series.flatMap(\.labels).filter { $0.hasPrefix("resource=") }
            if ids.contains("resource=vm-5") { return .init(400, body: "out of bounds\n") }
            taken.withLock { $0.formUnion(ids) }
            return .init(204)
        }
        let letters = try await send((0..<16).map { sample("cpu", of: "vm-\($0)") }, sink)
        #expect(letters.map(\.reason) == ["HTTP 400: out of bounds"])
        #expect(
            String(decoding: try #require(letters.first).sample, as: UTF8.self).contains("\"resource_id\":\"vm-5\""))
        #expect(taken.withLock { $0.count } == 15)
        #expect(sink.requests.count == 9)
    }

    @Test func aStoreThatRefusesEverythingIsNotAskedForEachSample() async throws {
        let sink = try HTTPSink { _ in .init(422) }
        let letters = try await send((0..<1000).map { sample("cpu", of: "vm-\($0)") }, sink)
        #expect(letters.count == 1000)
        #expect(sink.requests.count <= 256)
    }

    @Test(arguments: [401, 403, 404, 429, 500, 503, 302])
    func whatAnOperatorOrTimeMendsIsTriedAgain(status: Int) async throws {
        let sink = try HTTPSink { _ in .init(status, headers: ["Retry-After": "7"]) }
        let error = await #expect(throws: Postponement.self) { _ = try await send([sample("cpu")], sink) }
        #expect(error?.pause == .seconds(7))
        #expect(error?.description.hasPrefix("HTTP \(status)") == true)
    }

    @Test func aPageOfRubbishIsNoReason() async throws {
        let sink = try HTTPSink { _ in .init(400, body: "<html><body>Bad Request</body></html>") }
        #expect(try await send([sample("cpu")], sink).map(\.reason) == ["HTTP 400"])
    }
}
