// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// The real fleet service as a process of its own, at a port that the system chose. All calls block.
struct FleetProcess: Sendable {
    private let child: ChildProcess
    private let logPath: String
    let port: Int

    var log: String { get throws { try String(contentsOfFile: logPath, encoding: .utf8) } }

    /// - Parameters:
    ///   - directory: has a token file `admin.token`, and plug-ins in `plugins`.
    ///   - isAwaited: whether to wait until it listens; the port is 0 otherwise.
    ///   - wanted: where it is to listen; 0 for a port of the system's choice.
    init(
        _ binary: String, _ directory: TemporaryDirectory, settings: String = "", isAwaited: Bool = true,
        port wanted: Int = 0
    ) throws {
        try Self.configure(directory, settings, port: wanted)
        logPath = directory("fleet.log")
        let output = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        child = try ChildProcess(
            binary, ["fleet", "serve", "--config-file", directory("fleet.conf")], output: output, error: output)
        if !isAwaited {
            port = 0
            return
        }
        let deadline = ContinuousClock.now + .seconds(180)
        while true {
            let text = try String(contentsOfFile: logPath, encoding: .utf8)
            let port = text.firstRange(of: "http=127.0.0.1:").flatMap { range in
                Int(text[range.upperBound...].prefix { $0.isNumber })
            }
            if let port, text.hasSuffix("\n") {
                self.port = port
                return
            }
            guard ContinuousClock.now < deadline, child.status(within: .zero) == nil else {
                throw ShellError(command: binary, reason: text)
            }
            usleep(5000)
        }
    }

    private static func configure(
        _ directory: TemporaryDirectory, _ settings: String, _ defaults: String = "", port: Int = 0
    ) throws {
        let text = """
            [DEFAULT]
            plugin_dirs = \(directory("plugins"))
            state_dir = \(directory.path)
            \(defaults)
            [fleet]
            listen = 127.0.0.1:\(port)
            database = \(directory("fleet.db"))
            token_file = \(directory("admin.token"))
            \(settings)

            """
        try directory.write(text, to: "fleet.conf")
    }

    /// Writes other settings, sends SIGHUP to the service alone, and waits for its word on them.
    func reload(_ directory: TemporaryDirectory, _ settings: String = "", defaults: String = "") throws {
        try Self.configure(directory, settings, defaults)
        func words() throws -> Int { try log.split(separator: "\n").count { $0.contains("reloaded") } }
        let before = try words()
        let deadline = ContinuousClock.now + .seconds(60)
        while try words() == before {
            guard ContinuousClock.now < deadline else { throw ShellError(command: "SIGHUP", reason: try log) }
            // One that comes before the service listens to it is lost.
            kill(child.pid, SIGHUP)
            for _ in 0..<200 where try words() == before { usleep(10_000) }
        }
    }

    func signal(_ number: Int32) { child.signal(number) }

    /// Its exit status, 128 + the signal's number where one ended it; nil where it goes on.
    func status(within time: Duration) -> Int32? { child.status(within: time) }
}
