// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing

/// The real collector hands on what it stores.
@Suite(.timeLimit(.minutes(3))) struct ForwardingTests {
    private static let collectorProgram = RunningAgent.executable.deletingLastPathComponent()
        .appending(path: "hypsometer").path
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func collector(_ settings: String) async throws -> CollectorProcess {
        let binary = Self.collectorProgram
        return try await onThread { [directory] in
            try CollectorProcess(binary, folder: directory.path, settings: settings)
        }
    }

    /// Samples `from` to `through`, the volume of each its number.
    private func post(_ range: ClosedRange<Int>, to collector: CollectorProcess) async throws {
        let samples = range.map { number in
            """
            {"name":"cpu","type":"cumulative","unit":"ns","volume":\(number),"user_id":"u","user_name":null,"project_id":"p",\
            "project_name":null,"resource_id":"vm-1","timestamp":"2026-11-21T10:00:\(number < 10 ? "0" : "")\(number)",\
            "resource_metadata":{"display_name":"web","flavor":{"vcpus":2}},"source":"openstack",\
            "id":"00000000-0000-4000-8000-0000000000\(number < 10 ? "0" : "")\(number)","monotonic_time":1.5}
            """
        }
        let body = Array("[\(samples.joined(separator: ","))]".utf8)
        let reply = try await onThread {
            try HTTPClient(port: collector.port).send(
                "POST", "/v1/samples", headers: ["Content-Type": "application/json"], body: body)
        }
        #expect(reply.status == 200, "\(reply.text)")
    }

    private func volumes(_ sink: HTTPSink) -> [Int] {
        sink.requests.flatMap { $0.samples.compactMap { $0["volume"] as? Int } }
    }

    private func eventually(_ isSo: () throws -> Bool) async throws -> Bool {
        for _ in 0..<600 {
            if try isSo() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try isSo()
    }

    @Test func whatIsStoredGoesOnOnceAndAsItCame() async throws {
        let sink = try HTTPSink()
        let collector = try await collector("forward = http://127.0.0.1:\(sink.port)")
        try await post(1...3, to: collector)
        try await post(2...4, to: collector)
        #expect(try await eventually { volumes(sink).count >= 4 })
        try await onThread { collector.stop() }
        #expect(volumes(sink) == [1, 2, 3, 4])
        let sample = try #require(sink.requests.first?.samples.first)
        #expect(sample["name"] as? String == "cpu" && sample["type"] as? String == "cumulative")
        #expect(sample["resource_id"] as? String == "vm-1" && sample["project_id"] as? String == "p")
        #expect(sample["timestamp"] as? String == "2026-11-21T10:00:01" && sample["monotonic_time"] as? Double == 1.5)
        #expect(
            sample["resource_metadata"] as? NSDictionary == ["display_name": "web", "flavor": ["vcpus": 2]]
                as NSDictionary)
    }

    @Test func whatAnAbsentStoreMissedWaitsEvenIfTheCollectorIsKilled() async throws {
        let isAway = Mutex(true)
        let sink = try HTTPSink(keeps: true) { _ in isAway.withLock { $0 } ? .init(503) : .init(200) }
        let settings = "forward = http://127.0.0.1:\(sink.port)"
        let first = try await collector(settings)
        try await post(1...5, to: first)
        #expect(try await eventually { try first.log.contains("publisher refuses samples; they wait") })
        try await onThread {
            first.signal(SIGKILL)
            _ = first.status(within: .seconds(20))
        }
        let refused = sink.requests.count
        isAway.withLock { $0 = false }
        let second = try await collector(settings)
        try await post(6...7, to: second)
        func taken() -> [Int] {
            // The last try of the first may have been answered after it was counted.
            sink.requests.dropFirst(refused).flatMap { $0.samples.compactMap { $0["volume"] as? Int } }
        }
        #expect(try await eventually { taken().count >= 7 })
        #expect(taken() == Array(1...7))
        let page = try await onThread { try HTTPClient(port: second.port).send("GET", "/metrics").text }
        #expect(page.contains("samples_delivered_total{publisher=\"http://127.0.0.1:\(sink.port)\"} 7"))
        try await onThread { second.stop() }
    }

    @Test(arguments: [
        ("forward = stdout://", "stdout://, which leads to no other host"),
        ("forward = remotewrit://h", "unknown name \"remotewrit://\""),
        ("forward = http://h?timeout=x", "option timeout: \"x\""), ("forward_spool_directory = here", "\"here\""),
    ])
    func mistakesAreNamed(setting: String, words: String) async throws {
        let path = try directory.write("[collector]\n\(setting)\n", to: "c.conf")
        let binary = Self.collectorProgram
        let result = try await onThread {
            try Shell.run(binary, ["collector", "--config-file", path, "--validate"])
        }
        #expect(result.status == 2)
        #expect(result.error.contains("\(path):2: ") && result.error.contains(words), "\(result.error)")
    }
}
