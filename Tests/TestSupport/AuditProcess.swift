// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The real service that runs audits as a process of its own, at a port that the system chose. All calls block.
package struct AuditProcess: Sendable {
    private let child: ChildProcess
    private let logPath: String
    private let token: String?
    package let port: Int

    package var url: String { "http://127.0.0.1:\(port)" }
    package var log: String { get throws { try String(contentsOfFile: logPath, encoding: .utf8) } }

    /// - Parameters:
    ///   - name: tells its configuration and its log from those of others in the same directory; the database is the
    ///     same for all of them.
    ///   - settings: further lines: of the section `[audit]`, then of others.
    ///   - token: what requests show.
    /// - Throws: ``ShellError`` with its log, where it doesn't listen within a minute.
    package init(
        _ binary: String, _ directory: TemporaryDirectory, name: String = "audit", settings: String = "",
        token: String? = nil, environment: [String: String] = [:]
    ) throws {
        let configuration = """
            [DEFAULT]
            state_dir = \(directory.path)
            [audit]
            listen = 127.0.0.1:0
            database = \(directory("audits.db"))
            \(settings)

            """
        let file = try directory.write(configuration, to: "\(name).conf")
        logPath = directory("\(name).log")
        self.token = token
        let output = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(output) }
        child = try ChildProcess(
            binary, ["audit", "serve", "--config-file", file], environment: environment, output: output, error: output)
        let deadline = ContinuousClock.now + .seconds(60)
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

    package func signal(_ number: Int32) { child.signal(number) }

    /// Its exit status, 128 + the signal's number where one ended it; nil where it goes on.
    package func status(within time: Duration) -> Int32? { child.status(within: time) }

    /// One request on a connection of its own.
    package func send(_ method: String, _ path: String, _ body: String? = nil) throws -> HTTPClient.Reply {
        try HTTPClient(port: port).send(
            method, path, headers: token.map { ["Authorization": "Bearer \($0)"] } ?? [:],
            body: body.map { Array($0.utf8) })
    }

    /// The audit of that name once `isSo`, or after two minutes as it is then.
    package func audit(_ name: String, _ isSo: ([String: Any]) -> Bool) throws -> [String: Any] {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            let audit = try send("GET", "/v1/audits/\(name)").json as? [String: Any] ?? [:]
            if isSo(audit) || ContinuousClock.now > deadline { return audit }
            usleep(50_000)
        }
    }

    /// The plans of an audit, the newest first.
    package func plans(of audit: String) throws -> [[String: Any]] {
        let uuid = try send("GET", "/v1/audits/\(audit)")["uuid"] as? String ?? ""
        return try send("GET", "/v1/action_plans?sort_dir=desc&audit_uuid=\(uuid)")["action_plans"]
            as? [[String: Any]] ?? []
    }

    package func actions(of plan: String) throws -> [[String: Any]] {
        try send("GET", "/v1/actions?action_plan_uuid=\(plan)")["actions"] as? [[String: Any]] ?? []
    }
}
