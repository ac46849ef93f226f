// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// The real agent, which polls meters of a stub of a cloud and writes their samples to a file; it ends with this value.
final class AgentAtWork {
    private let directory: TemporaryDirectory
    private let child: ChildProcess

    init(
        _ benchmark: CentralBenchmark, _ cloud: StubCloud, meters: String, every interval: Int
    ) throws {
        directory = try TemporaryDirectory()
        let definitions = URL(filePath: benchmark.definitions).standardizedFileURL.path
        try directory.write(
            """
            [DEFAULT]
            polling_namespaces = central
            max_parallel_requests = \(benchmark.concurrency)
            [polling]
            jitter = 0
            pollsters_definitions_dirs = \(definitions)
            [service_credentials]
            auth_url = \(cloud.url)
            username = admin
            password = \(StubCloud.password)
            project_name = admin
            default_domain_id = default

            """, to: "hypsometer.conf")
        try directory.write(
            "sources: [{name: a, interval: \(interval), meters: [\"\(meters)\"]}]\n", to: "polling.yaml")
        try directory.write(
            """
            sources: [{name: a, meters: ["*"], sinks: [file]}]
            sinks: [{name: file, publishers: ["file://\(directory("samples.jsonl"))"]}]

            """, to: "pipeline.yaml")
        let log = open(directory("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(log) }
        child = try ChildProcess(
            benchmark.binary, ["--config-file", directory("hypsometer.conf")], output: log, error: log)
    }

    deinit {
        child.signal(SIGTERM)
        if child.status(within: .seconds(20)) == nil { child.signal(SIGKILL) }
    }

    var pid: Int32 { child.pid }

    /// Polls a condition of this process's own.
    func wait(atMost seconds: Double, until isDone: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while try !isDone() {
            guard child.status(within: .zero) == nil, ContinuousClock.now < end else {
                throw ShellError(command: "hypsometer-polling", reason: try directory.text("log"))
            }
            usleep(20_000)
        }
    }

    /// Bytes of samples written so far.
    func written() -> Int {
        var status = stat()
        guard stat(directory("samples.jsonl"), &status) == 0 else { return 0 }
        return Int(status.st_size)
    }
}
