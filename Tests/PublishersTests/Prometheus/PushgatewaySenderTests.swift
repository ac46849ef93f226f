// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Telemetry
import TestSupport
import Testing

@testable import Publishers

/// `prometheus://`, as Ceilometer's publisher of that name speaks.
@Suite(.timeLimit(.minutes(2))) struct PushgatewaySenderTests {
    private struct Recorded: Decodable {
        var path: String
        var body: String
        var headers: [String: String]
    }

    /// A text without its values, which differ from run to run.
    private func form(_ body: String) -> [String] {
        body.split(separator: "\n").map { line in
            line.hasPrefix("#") ? String(line) : String(line[..<(line.lastIndex(of: " ") ?? line.endIndex)])
        }
    }

    @Test(.enabled(if: RecordedCases.areThere, Comment(rawValue: RecordedCases.absence)))
    func sendsWhatARealCeilometerSends() async throws {
        let recorded = try RecordedCases.lines("test-3.pub-prometheus.jsonl").map {
            try JSONDecoder().decode(Recorded.self, from: Data($0.utf8))
        }
        let sink = try HTTPSink()
        let sender = try sender("prometheus://127.0.0.1:\(sink.port)/metrics/job/ceilometer?timeout=60")
        for sample in try RecordedCases.samples("test-3.pub-file.jsonl") {
            #expect(try await sender.send(await sender.encode([sample])) == [])
        }
        let ours = sink.requests.map { [$0.path] + form(String(decoding: $0.body, as: UTF8.self)) }
        #expect(Set(ours) == Set(recorded.map { [$0.path] + form($0.body) }))
        #expect(ours.count == recorded.count)
        #expect(sink.requests.first?.headers["content-type"] == recorded.first?.headers["Content-type"])
    }

    @Test func groupsThatTheURLNamesAreOnePost() async throws {
        let sink = try HTTPSink()
        let sender = try sender("prometheus://127.0.0.1:\(sink.port)/metrics/job/c/instance/here")
        var other = Sample.of("a.b-c")
        other.resourceID = "vm\"2"
        other.projectID = "p"
        _ = try await sender.send(await sender.encode([.of("a.b-c"), .of("d"), other]))
        #expect(sink.requests.map(\.path) == ["/metrics/job/c/instance/here"])
        #expect(
            String(decoding: try #require(sink.requests.first).body, as: UTF8.self) == """
                # TYPE a_b_c gauge
                a_b_c{resource_id="vm-1", user_id="None", project_id="None"} 1
                a_b_c{resource_id="vm\\"2", user_id="None", project_id="p"} 1
                # TYPE d gauge
                d{resource_id="vm-1", user_id="None", project_id="None"} 1

                """)
    }

    @Test(arguments: [
        ("prometheus://h", "no path of a job"), ("prometheus://h/metrics/job", "no path of a job"),
        ("prometheus://h/metrics/job/x?ssl=2", "option ssl: \"2\"; allowed: 1 or 0"),
        ("prometheus://h/metrics/job/x?verify_ssl=False", "given for http"),
        ("remotewrite://h?clientcert=/x", "given for http"), ("remotewrite://", "no URL that can be posted to"),
    ])
    func mistakesOfAURLAreNamed(url: String, words: String) {
        #expect(throws: (any Error).self) { try made(url) }
        do { _ = try made(url) } catch { #expect("\(error)".contains(words), "\(error)") }
    }
}
