// SPDX-License-Identifier: Apache-2.0
package import Daemon
package import Logging
internal import ServiceLifecycle
package import Web

/// The service that keeps audits and runs them: an engine, and HTTP in front of the store.
package struct AuditService: Service {
    /// Connections that are served at one time; further ones wait to be accepted.
    private static let mostConnections = 1000

    private let setup: AuditServiceSetup
    private let credentials: CredentialsInForce
    private let runner: AuditRunner
    private let version: String
    private let heartbeat: Heartbeat
    private let metrics: MetricsMemory
    private let log: Logger
    private let onReady: @Sendable (String?) -> Void

    /// - Parameters:
    ///   - credentials: the setup's, until others take their place.
    ///   - metrics: where figures are kept and what `/metrics` shows.
    ///   - onReady: called once requests can come, with the address; nil where nothing is served.
    package init(
        setup: AuditServiceSetup, credentials: CredentialsInForce, runner: AuditRunner, version: String,
        heartbeat: Heartbeat, metrics: MetricsMemory, log: Logger,
        onReady: @escaping @Sendable (String?) -> Void = { _ in }
    ) {
        self.setup = setup
        self.credentials = credentials
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
        let server = WebServer(
            listen, in: "audit", tls: credentials.tls, mostConnections: Self.mostConnections, log: log)
        let api = AuditAPI(
            store: store, runner: runner, wake: { engine.wake() }, metrics: metrics, credentials: credentials,
            largestRequest: setup.largestRequest, version: version, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                try await server.run(api.router()) { address in
                    log.info("listening", metadata: ["http": "\(address)", "tls": "\(credentials.tls != nil)"])
                    onReady(address)
                }
            }
            try await group.waitForAll()
        }
    }
}
