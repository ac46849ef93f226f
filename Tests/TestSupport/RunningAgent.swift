// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The real binary at work in a folder of its own: it polls every second and writes JSON lines to a file there.
package final class RunningAgent {
    /// In the build folder, which the test bundle stands in too.
    package static let executable = Bundle.main.bundleURL.appending(path: "hypsometer-polling")

    package let folder: URL
    private let process: ChildProcess
    private let log: URL
    private var known: [SampleReading] = []
    /// How much of the file of samples is in `known`.
    private var offset: UInt64 = 0

    /// - Parameters:
    ///   - polling: the text of `polling.yaml`; the default polls `cpu` and `cpu_util` every second.
    ///   - settings: more text for `hypsometer.conf`.
    ///   - environment: added to our own.
    package init(
        uri: String, polling: String = RunningAgent.polling(), settings: String = "",
        environment: [String: String] = [:]
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hypsometer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = folder.appending(path: "log")
        let configuration = folder.appending(path: "hypsometer.conf")
        try "[DEFAULT]\nlibvirt_uri = \(uri)\n\(settings)".write(to: configuration, atomically: true, encoding: .utf8)
        let pipeline = """
            sources: [{name: all, meters: ["*"], sinks: [file]}]
            sinks: [{name: file, publishers: ["file://\(folder.path)/samples.jsonl"]}]
            """
        try pipeline.write(to: folder.appending(path: "pipeline.yaml"), atomically: true, encoding: .utf8)
        try polling.write(to: folder.appending(path: "polling.yaml"), atomically: true, encoding: .utf8)
        let error = open(log.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(error) }
        process = try ChildProcess(
            Self.executable.path, ["--config-file", configuration.path], environment: environment, error: error)
    }

    deinit {
        process.signal(SIGKILL)
        _ = process.status(within: .seconds(5))
        try? FileManager.default.removeItem(at: folder)
    }

    package static func polling(every seconds: Int = 1, meters: String = "cpu*") -> String {
        "sources: [{name: cpu, interval: \(seconds), meters: [\"\(meters)\"]}]\n"
    }

    package func writePolling(_ text: String) throws {
        try text.write(to: folder.appending(path: "polling.yaml"), atomically: true, encoding: .utf8)
    }

    package var pid: Int32 { process.pid }

    package func signal(_ number: Int32) { process.signal(number) }

    /// Sends SIGTERM and waits for the end.
    ///
    /// - Returns: the exit status, nil where it does not end within a minute; and the seconds it took.
    package func end() -> (status: Int32?, seconds: Double) {
        let start = Date()
        signal(SIGTERM)
        let status = process.status(within: .seconds(60))
        return (status, Date().timeIntervalSince(start))
    }

    package var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// What was written so far, in order.
    package func readings() throws -> [SampleReading] {
        guard let file = FileHandle(forReadingAtPath: folder.appending(path: "samples.jsonl").path) else { return [] }
        defer { try? file.close() }
        try file.seek(toOffset: offset)
        guard let data = try file.readToEnd() else { return known }
        // The last line may be half written as yet.
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for line in lines {
            known.append(try SampleReading(line: Data(line)))
            offset += UInt64(line.count + 1)
        }
        return known
    }

    struct EndedEarly: Error { var log: String }

    /// Waits until the readings are as wanted; the test's own time limit is what ends it otherwise.
    package func wait(until isWanted: ([SampleReading]) throws -> Bool) async throws {
        while try !isWanted(readings()) {
            if process.status(within: .zero) != nil {
                throw EndedEarly(log: logText)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
