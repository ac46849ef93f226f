// SPDX-License-Identifier: Apache-2.0
import Daemon
import Logging
import ServiceLifecycle
import Settings
import TestSupport
import Web

@testable import Collector

/// A collector in this process, at a port of the system's choice, over a database of the test's own.
struct RunningCollector {
    let addresses: CollectorService.Addresses
    let log: LogMemory
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// - Parameter settings: lines of the section `[collector]`.
    init(_ directory: TemporaryDirectory, _ settings: String = "") async throws {
        let text = """
            [collector]
            listen = 127.0.0.1:0
            database = \(directory("samples.db"))
            retention_days = 36500
            \(settings)
            """
        let document = try INIDocument(path: "collector.conf", text: text)
        let setup = try CollectorSetup(Configuration(documents: [document], environment: [:]))
        log = LogMemory()
        let (addresses, ready) = AsyncStream.makeStream(of: CollectorService.Addresses.self)
        let service = CollectorService(
            setup: setup, credentials: try CredentialsInForce(setup.credentials, of: "collector"),
            signers: SignersInForce(setup.signers), version: "test", heartbeat: Heartbeat(), metrics: MetricsMemory(),
            log: log.logger
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
        for await addresses in addresses {
            self.addresses = addresses
            return
        }
        try await running.value
        throw ShellError(command: "collector", reason: "it ended")
    }

    var port: Int { Self.port(of: addresses.http) }
    var udpPort: Int { Self.port(of: addresses.udp) }
    var tcpPort: Int { Self.port(of: addresses.tcp) }

    private static func port(of address: String?) -> Int {
        address?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// One request on a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> HTTPClient.Reply {
        let port = port
        return try await onThread {
            try HTTPClient(port: port).send(method, path, headers: headers, body: body)
        }
    }

    func get(_ path: String) async throws -> HTTPClient.Reply { try await send("GET", path) }

    func post(_ json: String, headers: [String: String] = [:]) async throws -> HTTPClient.Reply {
        try await send("POST", "/v1/samples", headers: headers, body: Array(json.utf8))
    }

    /// Until one of the collector's own figures is what it should be, or half a minute has gone.
    func waitFor(_ name: String, _ value: Int) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await metric(name) != value {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }

    /// One of the collector's own figures.
    func metric(_ name: String) async throws -> Int? {
        let line = try await get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("collector_\(name) ") }
        return line?.split(separator: " ").last.flatMap { Int($0) }
    }
}
