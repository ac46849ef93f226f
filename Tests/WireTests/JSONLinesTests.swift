// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing
import Wire

/// What a writer remembers of one batch must not show in the next.
@Suite struct JSONLinesTests {
    private let cycle = PollingCycle(number: 1, deadline: .now, meters: [])

    private func sample(_ resource: String, _ metadata: Metadata) -> Sample {
        Sample(Meter("m", .gauge, unit: "B"), 1, of: Resource(id: resource, metadata: metadata), in: cycle)
    }

    private func metadata(_ bytes: [UInt8]) throws -> [NSDictionary] {
        try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary
            return try #require(object?["resource_metadata"] as? NSDictionary)
        }
    }

    @Test func changedMetadataAreWrittenAnew() throws {
        var lines = JSONLines()
        let running = sample("r", ["state": "running"])
        let paused = sample("r", ["state": "paused"])
        #expect(try metadata(lines.text([running])) == [["state": "running"]])
        #expect(try metadata(lines.text([paused, running])) == [["state": "paused"], ["state": "running"]])
    }

    @Test func twoResourcesKeepTheirOwn() throws {
        var lines = JSONLines()
        let samples = [sample("a", ["name": "a"]), sample("b", ["name": "b"])]
        for _ in 1...2 { #expect(try metadata(lines.text(samples)) == [["name": "a"], ["name": "b"]]) }
    }

    @Test func theSameBatchIsTheSameText() {
        let samples = [sample("a", ["name": "a"]), sample("a", ["name": "a", "cpu_number": 2])]
        var lines = JSONLines()
        let first = lines.text(samples)
        #expect(lines.text(samples) == first)
        #expect(JSONLines.of(samples) == first)
    }

    @Test func whatWasForgottenIsWrittenAsBefore() {
        let rare = [sample("rare", ["name": "rare"])]
        var lines = JSONLines()
        let first = lines.text(rare)
        for number in 1...200 { _ = lines.text([sample("r\(number)", ["n": .integer(Int64(number))])]) }
        #expect(lines.text(rare) == first)
    }
}
