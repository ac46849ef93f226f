// SPDX-License-Identifier: Apache-2.0
package import Daemon
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Web

/// The service that keeps audits and runs them: an engine, and HTTP in front of the store.
package struct AuditService: Service {
    /// Connections that are served at one time; further ones wait to be accepted.
    private static let mostConnections = 1000
    /// A connection that says nothing for so long is closed.
    private static let patience = TimeAmount.seconds(75)

    private let setup: AuditServiceSetup
    private let runner: AuditRunner
    private let version: String
    private let heartbeat: Heartbeat
    private let metrics: MetricsMemory
    private let log: Logger
    private let onReady: @Sendable (String?) -> Void

    /// - Parameters:
    ///   - metrics: where figures are kept and what `/metrics` shows.
    ///   - onReady: called once requests can come, with the address; nil where nothing is served.
    package init(
        setup: AuditServiceSetup, runner: AuditRunner, version: String, heartbeat: Heartbeat, metrics: MetricsMemory,
        log: Logger, onReady: @escaping @Sendable (String?) -> Void = { _ in }
    ) {
        self.setup = setup
        self.runner = runner
        self.version = version
        self.heartbeat = heartbeat
        self.metrics = metrics
        self.log = log
        self.onReady = onReady
    }

    /// - Throws: ``AuditProblem`` where the database can't be used, `ListenError` where a socket can't be opened.
    package func run() async throws {
        let store = try await AuditStore.open(setup.database)
        do {
            try await serve(store)
        } catch {
            try? store.close()  // why it ends is told by the first error
            throw error
        }
        try store.close()
    }

    private func serve(_ store: AuditStore) async throws {
        let engine = AuditEngine(store: store, runner: runner, setup: setup, heartbeat: heartbeat, log: log)
        guard let listen = setup.listen else {
            onReady(nil)
            return try await engine.run()
        }
        let application = try application(store, engine, listen)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                do { try await application.run() } catch let error as IOError {
                    throw ListenError("listen", in: "audit", listen, error)
                }
            }
            try await group.waitForAll()
        }
    }

    private func application(
        _ store: AuditStore, _ engine: AuditEngine, _ listen: ListenAddress
    ) throws -> some ApplicationProtocol {
        let api = AuditAPI(
            store: store, runner: runner, wake: { engine.wake() }, metrics: metrics, tokens: setup.tokens,
            largestRequest: setup.largestRequest, version: version, log: log)
        let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: Self.patience))
        // Hummingbird says at info what we say ourselves.
        var quiet = log
        quiet.logLevel = max(log.logLevel, .notice)
        return Application(
            router: api.router(), server: try setup.tls.map { try .tls(http, tlsConfiguration: $0) } ?? http,
            configuration: .init(
                address: .hostname(listen.host, port: listen.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { channel in
                let host = channel.localAddress?.ipAddress ?? ""
                let address = "\(host.contains(":") ? "[\(host)]" : host):\(channel.localAddress?.port ?? 0)"
                log.info("listening", metadata: ["http": "\(address)", "tls": "\(setup.tls != nil)"])
                onReady(address)
            }, logger: quiet)
    }
}
