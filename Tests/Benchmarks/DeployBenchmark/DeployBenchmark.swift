// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import TestSupport

/// What deploying costs: a real fleet service, so many nodes in one cluster, and two pipelines of an extension in Python,
/// each of which changes every node.
@main
struct DeployBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "deploy-benchmark")

    private static let admin = "benchmark-admin-token-0123"
    private static let agent = """
        {"polling": {"sources": {"cpu": {"interval": 60, "meters": ["cpu", "memory"]}}},
         "pipeline": {"sources": {"all": {"meters": ["*"], "sinks": ["out"]}},
                      "sinks": {"out": {"publishers": ["stdout://"]}}}}
        """
    /// The first gives each node a rhythm by its rack, the second a file of its own.
    private static let program = #"""
        #!/usr/bin/env python3
        import json, sys
        def say(id, result):
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": id, "result": result}) + "\n")
            sys.stdout.flush()
        for line in sys.stdin:
            c = json.loads(line)
            p = c["params"]
            if c["method"] == "start":
                say(c["id"], {"protocol": 1, "entry_points": [{"namespace": "nailgun.extensions", "name": "bench",
                    "extension": {"version": "1.0.0", "description": "-", "events": [],
                                  "data_pipelines": ["Racks", "Files"]}}]})
            elif c["method"] == "process_deployment":
                for uid, node in p["data"]["nodes"].items():
                    if p["pipeline"] == 0:
                        node["polling"] = {"sources": {"cpu": {"interval": 10 + int(uid) % 40}}}
                    else:
                        node["pipeline"] = {"sinks": {"out": {"publishers": ["file:///var/lib/samples-" + uid]}}}
                say(c["id"], {"data": p["data"]})
            elif c["method"] == "process_provisioning":
                say(c["id"], {"data": p["data"]})
            else:
                say(c["id"], {})
        """#

    @Option(help: "The binary that has the service.") var binary = ".build/release/hypsometer"
    @Option(help: "Nodes.") var nodes = 10_000

    func run() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Self.admin + "\n", to: "token")
        try directory.write(Self.program + "\n", to: "plugins/bench")
        chmod(directory("plugins/bench"), 0o755)
        try directory.write(
            "[plugin]\nversion = 1.0.0\nprotocol = 1\nexec = bench\n[nailgun.extensions]\nbench = Bench\n",
            to: "plugins/bench.entry_points")
        try directory.write(
            """
            [DEFAULT]
            plugin_dirs = \(directory("plugins"))
            plugin_timeout = 600
            state_dir = \(directory.path)
            [fleet]
            listen = 127.0.0.1:0
            database = \(directory("fleet.db"))
            token_file = \(directory("token"))
            extension_timeout = 600

            """, to: "fleet.conf")
        let output = open(directory("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let child = try ChildProcess(
            binary, ["fleet", "serve", "--config-file", directory("fleet.conf")], output: output, error: output)
        defer {
            child.signal(SIGTERM)
            _ = child.status(within: .seconds(60))
        }
        let client = try HTTPClient(port: try port(directory, child))
        let ids = try (0..<nodes).map { number -> Int in
            let mac = String(format: "52:54:00:%02x:%02x:%02x", number >> 16, number >> 8 & 255, number & 255)
            let reply = try send(client, "POST", "/v1/nodes", #"{"mac": "\#(mac)", "status": "discover"}"#)
            return (reply["node"] as? [String: Any])?["id"] as? Int ?? 0
        }
        _ = try send(client, "POST", "/v1/clusters", #"{"name": "one", "extensions": ["bench"]}"#)
        _ = try send(client, "PUT", "/v1/clusters/1", #"{"attributes": {"agent": \#(Self.agent)}}"#)
        let list = ids.map { "\($0)" }.joined(separator: ",")
        _ = try send(client, "POST", "/v1/clusters/1/assignment", #"{"nodes": [\#(list)], "roles": ["compute"]}"#)
        try measure("check", child) { _ = try send(client, "POST", "/v1/clusters/1/check", "{}") }
        for turn in 1...3 {
            try measure("deployment \(turn)", child) {
                _ = try send(client, "POST", "/v1/clusters/1/deployments", #"{"allow_offline": true}"#)
            }
        }
        let explained = try send(
            client, "GET", "/v1/nodes/\(ids[0])/config/explain?path=/polling/sources/cpu/interval", nil)
        print(explained["set_by"] as? String ?? explained.text)
    }

    private func measure(_ what: String, _ child: ChildProcess, _ body: () throws -> Void) throws {
        let before = try cpuTime(of: child.pid)
        let began = ContinuousClock.now
        try body()
        let used = Double(try cpuTime(of: child.pid) - before) / 1e9
        print(
            String(
                format: "%@ of %d nodes: %.2f s, of them %.2f s CPU of the service", what, nodes,
                began.duration(to: .now) / .seconds(1), used))
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

    private func send(
        _ client: HTTPClient, _ method: String, _ path: String, _ body: String?
    ) throws -> HTTPClient.Reply {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Self.admin)\r\n"
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try client.write(Array("\(head)\r\n\(body ?? "")".utf8))
        let reply = try client.reply()
        guard reply.status < 300 else { throw ShellError(command: "\(method) \(path)", reason: reply.text) }
        return reply
    }
}
