// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Collector

@Suite struct HTTPIntakeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func anArrayOfSamplesIsStored() async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post("[\(sampleJSON()), \(sampleJSON("memory.usage", "128"))]")
        #expect(reply.status == 200)
        #expect(reply.text == "{\"stored\":2,\"duplicates\":0,\"refused\":0,\"refusals\":[]}\n")
        let samples = try await collector.get("/v1/samples?meter=memory.usage")["samples"] as? [[String: Any]]
        #expect(samples?.count == 1)
        #expect(samples?.first?["volume"] as? Int == 128)
        #expect(samples?.first?["project_id"] as? String == "p1")
        try await collector.stop()
    }

    @Test func oneSampleNeedsNoArray() async throws {
        let collector = try await RunningCollector(directory)
        #expect(try await collector.post(sampleJSON())["stored"] as? Int == 1)
        try await collector.stop()
    }

    @Test func aMeteringMessageIsTakenToo() async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post(
            """
            {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns",\
            "counter_volume":0,"user_id":null,"user_name":null,"project_id":null,"project_name":null,\
            "resource_id":"vm-1","timestamp":"2026-11-21T03:16:50.035734","resource_metadata":{"a":{"b":1}},\
            "message_id":"fdef70a6-e559-11f1-9325-02fc00000001","monotonic_time":1562.5,"message_signature":""}
            """)
        #expect(reply["stored"] as? Int == 1)
        let sample = (try await collector.get("/v1/samples")["samples"] as? [[String: Any]])?.first
        #expect(sample?["name"] as? String == "cpu")
        #expect(sample?["monotonic_time"] as? Double == 1562.5)
        #expect(((sample?["resource_metadata"] as? [String: Any])?["a"] as? [String: Int]) == ["b": 1])
        try await collector.stop()
    }

    @Test func aMessageSentAgainIsADuplicate() async throws {
        let collector = try await RunningCollector(directory)
        let body = "[\(sampleJSON()),\(sampleJSON("cpu"))]"
        _ = try await collector.post(body)
        #expect(try await collector.post(body)["duplicates"] as? Int == 2)
        #expect(try await collector.metric(#"samples_duplicate_total{receiver="http"}"#) == 2)
        try await collector.stop()
    }

    @Test func goodSamplesAreStoredBesideBadOnes() async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post("[\(sampleJSON()), {\"name\":\"cpu\"}, 7, \(sampleJSON("cpu"))]")
        #expect(reply.status == 200)
        #expect(reply["stored"] as? Int == 2)
        #expect(reply["refused"] as? Int == 2)
        let refusals = try #require(reply["refusals"] as? [[String: Any]])
        #expect(refusals.map { $0["index"] as? Int } == [1, 2])
        #expect(refusals.map { $0["reason"] as? String } == ["malformed", "malformed"])
        #expect(try await collector.metric(#"samples_refused_total{receiver="http",reason="malformed"}"#) == 2)
        try await collector.stop()
    }

    @Test(arguments: [
        "[{\"name\":\"cpu\"}]", sampleJSON(metadata: "{\"a\":1,\"a\":2}"),
        sampleJSON(metadata: String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40)),
        sampleJSON(metadata: "tru"), sampleJSON(id: "not a UUID"), sampleJSON(kind: "total"), sampleJSON(time: "now"),
    ])
    func aMessageOfBadSamplesAloneWillNeverBeTaken(body: String) async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post(body)
        #expect(reply.status == 422)
        #expect(reply.headers["content-type"] == "application/problem+json")
        #expect((reply["refusals"] as? [[String: Any]])?.first?["reason"] as? String == "malformed")
        try await collector.stop()
    }

    @Test(arguments: [
        ("", 1, "a value"), ("[", 1, "never closed"), ("nonsense", 1, "object or an array"), ("[{}", 1, "missing"),
        ("[{\"a\":\"b]", 1, "no end"), ("[{}] {}", 1, "follows"), ("[1,]", 1, "missing"),
        ("[", 100_000, "nested"), ("{\"a\":", 100_000, "nested"),
    ])
    func whatIsNoJSONIsRefusedWithItsReason(text: String, times: Int, reason: String) async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post(String(repeating: text, count: times))
        #expect(reply.status == 400)
        #expect((reply["detail"] as? String)?.contains(" at byte ") == true)
        #expect(try await collector.post(sampleJSON()).status == 200)
        try await collector.stop()
    }

    @Test(arguments: ["NaN", "Infinity", "-Infinity", "1e999", "null", "\"nan\"", "true", "01", "1.", "--1"])
    func aVolumeThatIsNoFiniteNumberIsRefused(volume: String) async throws {
        let collector = try await RunningCollector(directory)
        // The good one first, so that the text of the series is known.
        #expect(try await collector.post(sampleJSON()).status == 200)
        #expect(try await collector.post(sampleJSON("cpu_util", volume, time: "2026-11-21T00:00:10")).status == 422)
        #expect(try await collector.metric(#"samples_stored_total{receiver="http"}"#) == 1)
        try await collector.stop()
    }

    @Test func aClockThatIsFarAheadIsSaid() async throws {
        let collector = try await RunningCollector(directory)
        let reply = try await collector.post(sampleJSON(time: "2999-01-01T00:00:00"))
        #expect(reply.status == 422)
        let refusal = (reply["refusals"] as? [[String: Any]])?.first
        #expect(refusal?["reason"] as? String == "future")
        #expect((refusal?["detail"] as? String)?.contains("check the sender's clock") == true)
        try await collector.stop()
    }

    @Test func whatIsOlderThanSamplesAreKeptIsRefused() async throws {
        let collector = try await RunningCollector(directory, "retention_days = 1")
        let reply = try await collector.post(sampleJSON(time: "2020-01-01T00:00:00"))
        #expect(reply.status == 422)
        #expect(try await collector.metric(#"samples_refused_total{receiver="http",reason="old"}"#) == 1)
        try await collector.stop()
    }

    @Test func aHundredMegabytesOfJSONAreRefusedAndTheConnectionGoesOn() async throws {
        let collector = try await RunningCollector(directory)
        let port = collector.port
        let statuses = try await onThread {
            let client = try HTTPClient(port: port)
            let large = try client.send(
                "POST", "/v1/samples", body: [UInt8](repeating: UInt8(ascii: " "), count: 100_000_000))
            let good = try client.send("POST", "/v1/samples", body: Array(sampleJSON().utf8))
            return [large.status, good.status]
        }
        #expect(statuses == [413, 200])
        #expect(try await collector.metric(#"samples_refused_total{receiver="http",reason="too_large"}"#) == 1)
        try await collector.stop()
    }

    @Test func aBodyWithoutALengthIsReadUpToTheLimit() async throws {
        let collector = try await RunningCollector(directory, "max_request_mib = 1")
        let port = collector.port
        let statuses = try await onThread {
            try [Array(sampleJSON().utf8), [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20)].map { body in
                let client = try HTTPClient(port: port)
                let head = "POST /v1/samples HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                try client.write(Array("\(head)\(String(body.count, radix: 16))\r\n".utf8) + body)
                try client.write(Array("\r\n0\r\n\r\n".utf8))
                return try client.reply().status
            }
        }
        #expect(statuses == [200, 413])
        try await collector.stop()
    }

    @Test func aConnectionThatEndsWithinABodyLeavesNothing() async throws {
        let collector = try await RunningCollector(directory)
        let port = collector.port
        let body = sampleJSON()
        try await onThread {
            let client = try HTTPClient(port: port)
            let head = "POST /v1/samples HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count + 1)\r\n\r\n"
            try client.write(Array((head + body).utf8))
        }
        #expect(try await collector.post(body)["stored"] as? Int == 1)
        try await collector.stop()
    }

    @Test func gzipIsUnpackedUpToTheLimit() async throws {
        let collector = try await RunningCollector(directory, "max_request_mib = 1")
        for (text, status) in [(sampleJSON(), 200), (String(repeating: " ", count: 2 << 20) + sampleJSON(), 413)] {
            let path = try directory.write(text, to: "body")
            _ = try Shell.run("gzip", ["-f", path], timeout: .seconds(60))
            let body = [UInt8](try Data(contentsOf: URL(filePath: path + ".gz")))
            let reply = try await collector.send(
                "POST", "/v1/samples", headers: ["Content-Encoding": "gzip"], body: body)
            #expect(reply.status == status)
        }
        #expect(try await collector.post("[]", headers: ["Content-Encoding": "gzip"]).status == 400)
        #expect(try await collector.post("[]", headers: ["Content-Encoding": "br"]).status == 415)
        #expect(try await collector.post("[]", headers: ["Content-Type": "text/plain"]).status == 415)
        try await collector.stop()
    }

    @Test func withATokenFileOnlyATokenOpensTheDoor() async throws {
        let path = try directory.write("0123456789abcdef\n", to: "tokens")
        let collector = try await RunningCollector(directory, "token_file = \(path)")
        let none = try await collector.post(sampleJSON())
        #expect(none.status == 401)
        #expect(none.headers["www-authenticate"] == "Bearer")
        for wrong in ["Bearer 0123456789abcdeF", "Bearer", "Basic 0123456789abcdef", "0123456789abcdef"] {
            #expect(try await collector.post(sampleJSON(), headers: ["Authorization": wrong]).status == 401)
        }
        let right = ["Authorization": "Bearer 0123456789abcdef"]
        #expect(try await collector.post(sampleJSON(), headers: right)["stored"] as? Int == 1)
        for path in ["/v1/samples", "/v1/meters", "/v1/resources", "/v1/measures?meter=cpu", "/metrics"] {
            #expect(try await collector.get(path).status == 401, "\(path)")
        }
        #expect(try await collector.get("/health").status == 200)
        let metrics = try await collector.send("GET", "/metrics", headers: right)
        #expect(metrics.text.contains(#"collector_samples_refused_total{receiver="http",reason="token"} 10"#))
        #expect(!collector.log.lines.contains { $0.contains("0123456789abcde") })
        try await collector.stop()
    }
}
