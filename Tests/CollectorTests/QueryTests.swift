// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Collector

/// What is asked of a collector that holds three instances' samples.
@Suite struct QueryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func filled() async throws -> RunningCollector {
        let collector = try await RunningCollector(directory)
        var samples: [String] = []
        for (number, instance) in ["vm-1", "vm-2", "vm-3"].enumerated() {
            for second in stride(from: 0, to: 600, by: 10) {
                let time = String(format: "2026-11-21T00:%02d:%02d", second / 60, second % 60)
                samples.append(
                    sampleJSON("cpu", "\(second * (number + 1))", kind: "cumulative", resource: instance, time: time))
                samples.append(
                    sampleJSON(
                        "cpu_util", "\(number).5", resource: instance, time: time,
                        metadata: second < 300 ? #"{"status":"active"}"# : #"{"status":"paused"}"#))
            }
        }
        #expect(try await collector.post("[\(samples.joined(separator: ","))]")["stored"] as? Int == 360)
        return collector
    }

    /// Each resource's values by the beginning of their stretch.
    private func series(_ reply: HTTPClient.Reply) throws -> [String: [String: Double]] {
        let series = try #require(reply["series"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: try series.map { series in
                let measures = try #require(series["measures"] as? [[Any]])
                let values = try measures.map { (try #require($0[0] as? String), try #require($0[1] as? Double)) }
                return (try #require(series["resource_id"] as? String), Dictionary(uniqueKeysWithValues: values))
            })
    }

    @Test func measuresAreByResourceAndStretch() async throws {
        let collector = try await filled()
        let reply = try await collector.get(
            "/v1/measures?meter=cpu_util&granularity=300&start=2026-11-21T00:00:00&end=2026-11-21T01:00:00")
        func measures(_ value: Double) -> [String: Double] {
            ["2026-11-21T00:00:00": value, "2026-11-21T00:05:00": value]
        }
        #expect(try series(reply) == ["vm-1": measures(0.5), "vm-2": measures(1.5), "vm-3": measures(2.5)])
        try await collector.stop()
    }

    @Test(arguments: [("min", 300.0), ("max", 590), ("mean", 445), ("count", 30), ("rate", 1)])
    func everyAggregateIsComputed(aggregate: String, expected: Double) async throws {
        let collector = try await filled()
        let reply = try await collector.get(
            "/v1/measures?meter=cpu&aggregate=\(aggregate)&granularity=300&resource_id=vm-1&start=2026-11-21T00:05:00"
                + "&end=2026-11-21T01:00:00")
        #expect(try series(reply) == ["vm-1": ["2026-11-21T00:05:00": expected]])
        try await collector.stop()
    }

    @Test func measuresOfSeveralResourcesComeInPages() async throws {
        let collector = try await filled()
        let path = "/v1/measures?meter=cpu&granularity=3600&start=2026-11-21T00:00:00&end=2026-11-21T01:00:00&limit=2"
        let first = try await collector.get(path)
        #expect(Set(try series(first).keys) == ["vm-1", "vm-2"])
        let marker = try #require(first["next_marker"] as? String)
        let second = try await collector.get(path + "&marker=\(marker)")
        #expect(Set(try series(second).keys) == ["vm-3"])
        #expect(second["next_marker"] is NSNull)
        try await collector.stop()
    }

    @Test func samplesComeInPagesWithoutALossOrARepeat() async throws {
        let collector = try await filled()
        var found: [String] = []
        var marker = ""
        while true {
            let reply = try await collector.get("/v1/samples?limit=7" + marker)
            let samples = try #require(reply["samples"] as? [[String: Any]])
            found += samples.map { "\($0["name"] ?? "") \($0["resource_id"] ?? "") \($0["timestamp"] ?? "")" }
            guard let next = reply["next_marker"] as? String else { break }
            #expect(samples.count == 7)
            marker = "&marker=\(next)"
        }
        #expect(found.count == 360)
        #expect(Set(found).count == 360)
        try await collector.stop()
    }

    @Test func aSampleHasTheMetadataOfItsTime() async throws {
        let collector = try await filled()
        let reply = try await collector.get(
            "/v1/samples?meter=cpu_util&resource_id=vm-2&start=2026-11-21T00:04:50&end=2026-11-21T00:05:00")
        let samples = try #require(reply["samples"] as? [[String: Any]])
        #expect(samples.map { ($0["resource_metadata"] as? [String: String])?["status"] } == ["active", "paused"])
        #expect(samples.map { $0["timestamp"] as? String } == ["2026-11-21T00:04:50", "2026-11-21T00:05:00"])
        try await collector.stop()
    }

    @Test func metersAreListedByName() async throws {
        let collector = try await filled()
        let meters = try #require(try await collector.get("/v1/meters")["meters"] as? [[String: Any]])
        #expect(meters.map { $0["name"] as? String } == ["cpu", "cpu_util"])
        #expect(meters.map { $0["type"] as? String } == ["cumulative", "gauge"])
        #expect(meters.map { $0["series"] as? Int } == [3, 3])
        let page = try await collector.get("/v1/meters?limit=1")
        let marker = try #require(page["next_marker"] as? String)
        let encoded = try #require(marker.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let rest = try await collector.get("/v1/meters?limit=1&marker=\(encoded)")["meters"] as? [[String: Any]]
        #expect(rest?.map { $0["name"] as? String } == ["cpu_util"])
        try await collector.stop()
    }

    @Test func resourcesTellTheirTimesMetersAndLatestMetadata() async throws {
        let collector = try await filled()
        let reply = try await collector.get("/v1/resources?resource_id=vm-3&meter=cpu_util")
        let resource = try #require((reply["resources"] as? [[String: Any]])?.first)
        #expect(resource["first_sample_timestamp"] as? String == "2026-11-21T00:00:00")
        #expect(resource["last_sample_timestamp"] as? String == "2026-11-21T00:09:50")
        #expect(resource["meters"] as? [String] == ["cpu_util"])
        #expect(resource["metadata"] as? [String: String] == ["status": "paused"])
        #expect((try await collector.get("/v1/resources?project_id=p2")["resources"] as? [Any])?.isEmpty == true)
        let page = try await collector.get("/v1/resources?limit=2")
        #expect((page["resources"] as? [Any])?.count == 2)
        let marker = try #require(page["next_marker"] as? String)
        #expect((try await collector.get("/v1/resources?marker=\(marker)")["resources"] as? [Any])?.count == 1)
        try await collector.stop()
    }

    @Test(arguments: [
        ("/v1/measures", "meter is missing"),
        ("/v1/measures?meter=cpu_util&aggregate=rate", "has no rate"),
        ("/v1/measures?meter=cpu&aggregate=median", "one of mean, min, max, count, rate"),
        ("/v1/measures?meter=cpu&granularity=0", "from 1 to"),
        ("/v1/measures?meter=cpu&granularity=1&start=-100000", "Try a larger granularity"),
        ("/v1/measures?meter=cpu&start=2026-11-22T00:00:00&end=2026-11-21T00:00:00", "is after the end"),
        ("/v1/measures?meter=cpu&start=tomorrow", "seconds before now"),
        ("/v1/measures?meter=cpu&meter=cpu_util", "given once, found 2 times"),
        ("/v1/measures?metre=cpu", "Did you mean meter?"),
        ("/v1/measures?meter=cpu&marker=x", "next_marker"),
        ("/v1/samples?limit=10001", "from 1 to 10000"),
        ("/v1/samples?marker=7", "next_marker"),
        ("/v1/resources?limit=-1", "from 1 to 1000"),
    ])
    func aWrongParameterIsExplained(path: String, words: String) async throws {
        let collector = try await filled()
        let reply = try await collector.get(path)
        #expect(reply.status == 400)
        #expect((reply["detail"] as? String)?.contains(words) == true, "\(reply.text)")
        try await collector.stop()
    }

    @Test func whatIsNotThereIsSaid() async throws {
        let collector = try await RunningCollector(directory)
        #expect(try await collector.get("/v2/samples").status == 404)
        #expect(try await collector.send("DELETE", "/v1/samples").headers["content-type"] == "application/problem+json")
        #expect(try await collector.get("/v1/measures?meter=none").text.contains(#""series":[]"#))
        try await collector.stop()
    }

    @Test func theOpenAPITextNamesEveryPath() async throws {
        let collector = try await RunningCollector(directory)
        let paths = try #require(try await collector.get("/v1/openapi.json")["paths"] as? [String: [String: Any]])
        #expect(
            Set(paths.keys) == [
                "/v1/samples", "/v1/measures", "/v1/meters", "/v1/resources", "/v1/hosts", "/v1/instances", "/v1/top",
                "/health", "/metrics", "/v1/openapi.json",
            ])
        #expect(Set(paths["/v1/samples"]?.keys ?? [:].keys) == ["get", "post"])
        // What it lists is there.
        for (path, methods) in paths where methods["get"] != nil {
            #expect(![404, 405, 500].contains(try await collector.get(path).status), "\(path)")
        }
        try await collector.stop()
    }
}
