// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The real agent on a bad night: it polls domains of libvirt's test driver, has a spool, and tells each cycle it ends.
package final class NightAgent {
    /// Shown to whoever is asked, and never told to anybody else.
    package static let secret = "open-sesame-4711"

    package let directory: TemporaryDirectory
    package let domains: Int
    private let node: NodeFile?
    private let process: ChildProcess

    /// - Parameters:
    ///   - publishers: of the sink for all samples.
    ///   - polling: the text of `polling.yaml`; else `cpu` every second.
    ///   - settings: more lines of `hypsometer.conf`: of `[DEFAULT]`, then of others.
    ///   - spool: its directory; else one of its own.
    ///   - uri: a hypervisor instead of the test driver's domains.
    package init(
        in directory: TemporaryDirectory, publishers: [String], polling: String = RunningAgent.polling(meters: "cpu"),
        settings: String = "", domains: Int = 5, spool: String? = nil, uri: String? = nil,
        environment: [String: String] = [:]
    ) throws {
        self.directory = directory
        self.domains = domains
        node = uri == nil ? try NodeFile(instances: domains) : nil
        let spool = spool ?? directory("spool")
        try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: true)
        let list = publishers.map { "\"\($0)\"" }.joined(separator: ", ")
        try directory.write(
            """
            sources: [{name: all, meters: ["*"], sinks: [there]}]
            sinks: [{name: there, publishers: [\(list)]}]
            """, to: "pipeline.yaml")
        try directory.write(polling, to: "polling.yaml")
        let configuration = try directory.write(
            """
            [DEFAULT]
            libvirt_uri = \(uri ?? node?.uri ?? "")
            state_dir = \(directory.path)
            \(settings)
            [polling]
            jitter = 0
            [publisher]
            spool_directory = \(spool)

            """, to: "hypsometer.conf")
        let log = open(directory("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        process = try ChildProcess(
            RunningAgent.executable.path, ["--config-file", configuration, "--debug"], environment: environment,
            error: log)
    }

    deinit { process.signal(SIGKILL) }

    package var pid: Int32 { process.pid }
    package var isAlive: Bool { process.status(within: .zero) == nil }
    package func signal(_ number: Int32) { process.signal(number) }

    package var log: String { (try? directory.text("log")) ?? "" }

    /// Lines of the log with these words.
    package func lines(_ words: String) -> [Substring] { log.split(separator: "\n").filter { $0.contains(words) } }

    /// Lines that tell an operator that something is wrong.
    package var complaints: [Substring] {
        log.split(separator: "\n").filter { line in
            [" warning ", " error ", " critical "].contains { line.prefix(60).contains($0) }
        }
    }

    package var cycles: Int { lines("cycle done").count }

    struct Ended: Error { var log: String }

    /// Waits until it is so; the test's own time limit is what ends it otherwise.
    package func wait(until isSo: () throws -> Bool) async throws {
        while try !isSo() {
            guard isAlive else { throw Ended(log: log) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    package func waitForCycles(_ count: Int) async throws {
        let target = cycles + count
        try await wait { cycles >= target }
    }

    /// Sends SIGTERM.
    ///
    /// - Returns: the exit status, nil where it doesn't end within a minute.
    package func end() async throws -> Int32? {
        process.signal(SIGTERM)
        return try await onThread { [process] in process.status(within: .seconds(60)) }
    }
}

extension CollectorProcess {
    /// All samples of a meter that it has: resource and time.
    package func stored(_ meter: String) async throws -> [String] {
        let port = port
        return try await onThread {
            let client = try HTTPClient(port: port)
            var found: [String] = []
            var marker = ""
            while true {
                let page = try client.send("GET", "/v1/samples?meter=\(meter)&limit=1000\(marker)")
                for sample in page["samples"] as? [[String: Any]] ?? [] {
                    found.append("\(sample["resource_id"] ?? "") \(sample["timestamp"] ?? "")")
                }
                guard let next = page["next_marker"] as? String else { return found }
                marker = "&marker=\(next)"
            }
        }
    }
}
