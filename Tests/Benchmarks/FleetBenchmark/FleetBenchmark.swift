// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import TestSupport

/// What nodes' heartbeats cost: CPU time of a real fleet service while so many nodes report at their pace, on
/// connections that are kept.
@main
struct FleetBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fleet-benchmark")

    @Option(help: "The binary that has the service.") var binary = ".build/release/hypsometer"
    @Option(help: "Nodes.") var nodes = 10_000
    @Option(help: "Seconds between two reports of a node.") var interval = 60.0
    @Option(help: "Seconds to measure for.") var seconds = 30.0
    @Option(help: "Connections that the reports share.") var connections = 50

    func run() throws {
        let directory = try TemporaryDirectory()
        let admin = "benchmark-admin-token-0123"
        try directory.write(admin + "\n", to: "token")
        try directory.write(
            "[fleet]\nlisten = 127.0.0.1:0\ndatabase = \(directory("fleet.db"))\ntoken_file = \(directory("token"))\n",
            to: "fleet.conf")
        let output = open(directory("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let child = try ChildProcess(
            binary, ["fleet", "serve", "--config-file", directory("fleet.conf")], output: output, error: output)
        defer {
            child.signal(SIGTERM)
            _ = child.status(within: .seconds(30))
        }
        let port = try self.port(directory, child)
        let tokens = try register(port, admin)
        let before = try cpuTime(of: child.pid)
        let began = ContinuousClock.now
        let (sent, late) = try report(port, tokens)
        let elapsed = began.duration(to: .now) / .seconds(1)
        let used = Double(try cpuTime(of: child.pid) - before) / 1e9
        let cores = Double(ProcessInfo.processInfo.activeProcessorCount)
        let share = used / elapsed / cores * 100
        print(
            String(
                format:
                    "%d nodes, %.0f s: %d reports in %.1f s, %.2f s CPU, %.1f %% of %.0f cores, %.3f ms each, %d late by 1 s",
                nodes, interval, sent, elapsed, used, share, cores, used / Double(max(1, sent)) * 1000, late))
    }

    private func port(_ directory: TemporaryDirectory, _ child: ChildProcess) throws -> Int {
        for _ in 0..<6000 {
            let text = try directory.text("log")
            let port = text.firstRange(of: "http=127.0.0.1:").flatMap { range in
                Int(text[range.upperBound...].prefix { $0.isNumber })
            }
            if let port, text.hasSuffix("\n") { return port }
            usleep(10_000)
        }
        throw ShellError(command: binary, reason: try directory.text("log"))
    }

    private func register(_ port: Int, _ admin: String) throws -> [String] {
        let client = try HTTPClient(port: port)
        let began = ContinuousClock.now
        let tokens = try (0..<nodes).map { number in
            let body = String(
                format: #"{"mac": "52:54:00:%02x:%02x:%02x", "status": "discover"}"#, number >> 16, number >> 8 & 255,
                number & 255)
            let reply = try send(client, "POST /v1/nodes", admin, body)
            guard let token = reply["token"] as? String else {
                throw ShellError(command: "register", reason: reply.text)
            }
            // A first report says something new, later ones don't.
            try report(client, token)
            return token
        }
        print("\(nodes) registrations in \(began.duration(to: .now))")
        return tokens
    }

    /// - Returns: how many reports were answered well, and how many of them came a second late or later.
    private func report(_ port: Int, _ tokens: [String]) throws -> (sent: Int, late: Int) {
        let clients = try (0..<connections).map { _ in try HTTPClient(port: port) }
        let pace = interval / Double(tokens.count)
        let total = Int(seconds / pace)
        let began = ContinuousClock.now
        var (sent, late) = (0, 0)
        for number in 0..<total {
            let due = began + .seconds(pace * Double(number))
            let ahead = ContinuousClock.now.duration(to: due)
            if ahead > .zero {
                usleep(UInt32(ahead / .microseconds(1)))
            } else if ahead < .seconds(-1) {
                late += 1
            }
            let token = tokens[number % tokens.count]
            try report(clients[number % clients.count], token)
            sent += 1
        }
        return (sent, late)
    }

    private func report(_ client: HTTPClient, _ token: String) throws {
        let reply = try send(client, "PUT /v1/nodes/agent", token, #"{"agent_checksum": "0123456789abcdef"}"#)
        guard reply.status == 200 else { throw ShellError(command: "report", reason: reply.text) }
    }

    /// In one write: in two the second would wait for an acknowledgement of the first.
    private func send(
        _ client: HTTPClient, _ request: String, _ token: String, _ body: String
    ) throws -> HTTPClient.Reply {
        let head = "\(request) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
        try client.write(Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
        return try client.reply()
    }
}
