// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The real collector as a process of its own, at ports that the system chose. All calls block.
package struct CollectorProcess: Sendable {
    private let child: ChildProcess
    private let logPath: String
    package let port: Int
    package let udpPort: Int
    package let tcpPort: Int

    package var pid: Int32 { child.pid }
    /// What it has logged so far.
    package var log: String { get throws { try String(contentsOfFile: logPath, encoding: .utf8) } }

    /// - Parameters:
    ///   - folder: where its configuration and its log are, and its database where `database` doesn't say otherwise.
    ///   - settings: further lines of the section `[collector]`.
    /// - Throws: ``ShellError`` with its log, where it doesn't listen within a minute.
    package init(
        _ binary: String, folder: String, database: String? = nil, settings: String = "",
        environment: [String: String] = [:]
    ) throws {
        let configuration = """
            [collector]
            listen = 127.0.0.1:0
            udp_listen = 127.0.0.1:0
            tcp_listen = 127.0.0.1:0
            database = \(database ?? "\(folder)/samples.db")
            retention_days = 3650
            \(settings)

            """
        try configuration.write(toFile: "\(folder)/collector.conf", atomically: true, encoding: .utf8)
        logPath = "\(folder)/collector.log"
        let output = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        child = try ChildProcess(
            binary, ["collector", "--config-file", "\(folder)/collector.conf"], environment: environment,
            output: output, error: output)
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let text = try String(contentsOfFile: logPath, encoding: .utf8)
            func port(_ receiver: String) -> Int? {
                text.firstRange(of: "\(receiver)=127.0.0.1:").flatMap { range in
                    Int(text[range.upperBound...].prefix { $0.isNumber })
                }
            }
            // The line is written whole.
            if text.hasSuffix("\n"), let http = port("http"), let udp = port("udp"), let tcp = port("tcp") {
                (self.port, udpPort, tcpPort) = (http, udp, tcp)
                return
            }
            guard ContinuousClock.now < deadline, child.status(within: .zero) == nil else {
                throw ShellError(command: binary, reason: text)
            }
            usleep(5000)
        }
    }

    package func signal(_ number: Int32) { child.signal(number) }

    /// Its exit status, 128 + the signal's number where one ended it; nil where it goes on.
    package func status(within time: Duration) -> Int32? { child.status(within: time) }

    /// Ends it as an operator would, so that it closes its database.
    package func stop() {
        child.signal(SIGTERM)
        if child.status(within: .seconds(60)) == nil { child.signal(SIGKILL) }
    }

    /// One of its own figures.
    package func metric(_ name: String) throws -> Int? {
        let lines = try HTTPClient(port: port).send("GET", "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix("collector_\(name) ") }?.split(separator: " ").last.flatMap { Int($0) }
    }
}
