// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Daemon
import Foundation
import Logging
import ServiceLifecycle
import Settings
import TestSupport

@testable import Fleet

/// A fleet service in this process, at a port of the system's choice, over a database and plug-ins of the test's own.
struct RunningFleet {
    let log: LogMemory
    let address: String
    let directory: TemporaryDirectory
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    static let admin = "test-admin-token-0123456789"

    /// - Parameter settings: further lines: of the section `[fleet]`, then of others.
    init(
        _ directory: TemporaryDirectory, _ settings: String = "", timeout: Int = 60,
        pluginTimeout: Int = 60
    ) async throws {
        self.directory = directory
        try directory.write(Self.admin + "\n", to: "admin.token")
        let plugins = directory("plugins")
        try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
        let text = """
            [DEFAULT]
            plugin_dirs = \(plugins)
            state_dir = \(directory.path)
            plugin_timeout = \(pluginTimeout)
            [fleet]
            listen = 127.0.0.1:0
            database = \(directory("fleet.db"))
            token_file = \(directory("admin.token"))
            extension_timeout = \(timeout)
            \(settings)
            """
        let document = try INIDocument(path: "fleet.conf", text: text)
        let setup = try FleetSetup(Configuration(documents: [document], environment: [:]))
        log = LogMemory()
        let (addresses, ready) = AsyncStream.makeStream(of: String.self)
        let service = FleetService(
            setup: setup, version: "test", heartbeat: Heartbeat(), metrics: MetricsMemory(), log: log.logger
        ) {
            ready.yield($0)
            ready.finish()
        }
        var quiet = Logger(label: "quiet")
        quiet.logLevel = .critical
        let group = ServiceGroup(services: [service], logger: quiet)
        self.group = group
        running = Task {
            defer { ready.finish() }
            try await group.run()
        }
        for await address in addresses {
            self.address = address
            return
        }
        try await running.value
        throw ShellError(command: "fleet serve", reason: "it ended")
    }

    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }

    var port: Int { address.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// One request on a connection of its own.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, token: String? = admin,
        headers: [String: String] = [:]
    ) async throws -> HTTPClient.Reply {
        var headers = headers
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await onThread { [headers, port] in
            try HTTPClient(port: port).send(method, path, headers: headers, body: body.map { Array($0.utf8) })
        }
    }

    /// Registers a node.
    func register(_ number: Int, meta: String = "{}") async throws -> (id: Int, token: String) {
        let reply = try await send(
            "POST", "/v1/nodes",
            #"{"mac": "\#(Self.mac(number))", "name": "c\#(number)", "status": "discover", "meta": \#(meta)}"#)
        guard let node = reply["node"] as? [String: Any], let id = node["id"] as? Int,
            let token = reply["token"] as? String
        else { throw ShellError(command: "register", reason: reply.text) }
        return (id, token)
    }

    static func mac(_ number: Int) -> String { String(format: "52:54:00:00:%02x:%02x", number >> 8, number & 255) }

    func createCluster(_ name: String, extensions: [String] = []) async throws -> Int {
        let list = extensions.map { "\"\($0)\"" }.joined(separator: ",")
        let reply = try await send("POST", "/v1/clusters", #"{"name": "\#(name)", "extensions": [\#(list)]}"#)
        guard let id = reply["id"] as? Int else { throw ShellError(command: "create", reason: reply.text) }
        return id
    }

    func events() async throws -> [[String: Any]] {
        let reply = try await send("GET", "/v1/events?limit=1000")
        return reply["events"] as? [[String: Any]] ?? []
    }

    var kinds: [String] {
        get async throws { try await events().compactMap { $0["kind"] as? String } }
    }

    /// The last event that an extension was told, once that is noted.
    func delivered(_ name: String) async throws -> Int? {
        try await send("GET", "/v1/extensions/\(name)")["delivered_event"] as? Int
    }

    /// Until it is so, or a minute has gone.
    func wait(until isSo: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
