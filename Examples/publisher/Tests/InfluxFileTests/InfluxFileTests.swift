// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit
import Testing

@testable import influx_file

@Suite struct InfluxFileTests {
    private let sample = Sample(
        Meter("cpu", .cumulative, unit: "ns"), 42, of: Resource(id: "vm 1"), at: Timestamp(microseconds: 1_500_000))

    @Test func eachBatchIsAppended() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "influx-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let publisher = try InfluxFile(context: PluginContext(location: path))
        try await publisher.publish([sample])
        try await publisher.publish([sample])
        let line = "cpu,meter=cpu,resource=vm\\ 1 value=42 1500000000\n"
        #expect(try String(contentsOfFile: path, encoding: .utf8) == line + line)
    }

    @Test func theMeasurementMayBeGiven() throws {
        let publisher = try InfluxFile(
            context: PluginContext(location: "/tmp/x", urlOptions: ["measurement": "telemetry"]))
        #expect(publisher.line(sample).hasPrefix("telemetry,meter=cpu,"))
    }

    @Test func aRelativePathIsRefused() {
        #expect(throws: InfluxFile.NoPath.self) { try InfluxFile(context: PluginContext(location: "x")) }
    }
}
