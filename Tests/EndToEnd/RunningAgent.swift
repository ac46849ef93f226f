// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// The real binary at work in a folder of its own: it polls every second and writes JSON lines to a file there.
final class RunningAgent {
    struct Reading: Sendable, Hashable {
        var meter: String
        var resource: String
        var volume: Double
        /// Of the cycle.
        var time: Date
        var status: String?
        var project: String?
    }

    let folder: URL
    private let process: ChildProcess
    private let log: URL

    /// - Parameters:
    ///   - polling: the text of `polling.yaml`; the default polls `cpu` and `cpu_util` every second.
    ///   - environment: added to our own.
    init(uri: String, polling: String = RunningAgent.polling(), environment: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = folder.appending(path: "log")
        let configuration = folder.appending(path: "hypsometer.conf")
        try "[DEFAULT]\nlibvirt_uri = \(uri)\n".write(to: configuration, atomically: true, encoding: .utf8)
        let pipeline = """
            sources: [{name: all, meters: ["*"], sinks: [file]}]
            sinks: [{name: file, publishers: ["file://\(folder.path)/samples.jsonl"]}]
            """
        try pipeline.write(to: folder.appending(path: "pipeline.yaml"), atomically: true, encoding: .utf8)
        try polling.write(to: folder.appending(path: "polling.yaml"), atomically: true, encoding: .utf8)
        let error = open(log.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(error) }
        process = try ChildProcess(
            Binary.agent.path, ["--config-file", configuration.path], environment: environment, error: error)
    }

    deinit {
        process.signal(SIGKILL)
        _ = process.status(within: .seconds(5))
        try? FileManager.default.removeItem(at: folder)
    }

    static func polling(every seconds: Int = 1, meters: String = "cpu*") -> String {
        "sources: [{name: cpu, interval: \(seconds), meters: [\"\(meters)\"]}]\n"
    }

    func writePolling(_ text: String) throws {
        try text.write(to: folder.appending(path: "polling.yaml"), atomically: true, encoding: .utf8)
    }

    func signal(_ number: Int32) { process.signal(number) }

    /// Sends SIGTERM and waits for the end.
    ///
    /// - Returns: the exit status, nil where it does not end within a minute; and the seconds it took.
    func end() -> (status: Int32?, seconds: Double) {
        let start = Date()
        signal(SIGTERM)
        let status = process.status(within: .seconds(60))
        return (status, Date().timeIntervalSince(start))
    }

    var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// What was written so far, in order.
    func readings() throws -> [Reading] {
        guard let data = try? Data(contentsOf: folder.appending(path: "samples.jsonl")) else { return [] }
        // The last line may be half written as yet.
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        return try lines.map { try Reading(line: Data($0)) }
    }

    struct EndedEarly: Error { var log: String }

    /// Waits until the readings are as wanted; the test's own time limit is what ends it otherwise.
    func wait(until isWanted: ([Reading]) throws -> Bool) async throws {
        while try !isWanted(readings()) {
            if process.status(within: .zero) != nil {
                throw EndedEarly(log: logText)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension RunningAgent.Reading {
    private struct Line: Decodable {
        struct Metadata: Decodable { var status: String? }
        var name: String
        var volume: Double
        var resource_id: String
        var project_id: String?
        var timestamp: String
        var resource_metadata: Metadata
    }

    init(line: Data) throws {
        let decoded = try JSONDecoder().decode(Line.self, from: line)
        meter = decoded.name
        resource = decoded.resource_id
        volume = decoded.volume
        time = try Date(decoded.timestamp + "Z", strategy: .iso8601WithFraction)
        status = decoded.resource_metadata.status
        project = decoded.project_id
    }
}

extension ParseStrategy where Self == Date.ISO8601FormatStyle {
    fileprivate static var iso8601WithFraction: Self { .init(includingFractionalSeconds: true) }
}

extension [RunningAgent.Reading] {
    func of(_ meter: String, _ resource: String) -> [RunningAgent.Reading] {
        filter { $0.meter == meter && $0.resource == resource }
    }

    /// The longest time between two of them, in seconds.
    var longestGap: Double { zip(self, dropFirst()).map { $1.time.timeIntervalSince($0.time) }.max() ?? 0 }
}
