// SPDX-License-Identifier: Apache-2.0
package import Daemon
package import Logging
internal import ServiceLifecycle
internal import Telemetry
package import Web

/// The collector at work, from opening the database until everything that was taken is stored.
package struct CollectorService: Service {
    /// Connections that are served at one time; further ones wait to be accepted.
    private static let mostConnections = 2000

    /// How long what came without an answer to it may take to be stored at the end.
    private static let farewell = Duration.seconds(10)

    /// Where a collector is reached, each as `127.0.0.1:4953`.
    package struct Addresses: Sendable, Hashable {
        package var http: String
        package var udp: String?
        package var tcp: String?
        /// Where messages are taken off.
        package var bus: String?
    }

    private let setup: CollectorSetup
    private let credentials: CredentialsInForce
    private let signers: SignersInForce
    private let version: String
    private let heartbeat: Heartbeat
    private let metrics: MetricsMemory
    private let log: Logger
    private let onReady: @Sendable (Addresses) -> Void

    /// - Parameters:
    ///   - credentials, signers: the setup's, until others take their place.
    ///   - metrics: where figures are kept and what `/metrics` shows.
    ///   - onReady: called once samples can come.
    package init(
        setup: CollectorSetup, credentials: CredentialsInForce, signers: SignersInForce, version: String,
        heartbeat: Heartbeat, metrics: MetricsMemory, log: Logger,
        onReady: @escaping @Sendable (Addresses) -> Void = { _ in }
    ) {
        self.setup = setup
        self.credentials = credentials
        self.signers = signers
        self.version = version
        self.heartbeat = heartbeat
        self.metrics = metrics
        self.log = log
        self.onReady = onReady
    }

    /// - Throws: ``StoreError`` where the database can't be opened, or the system's error where a socket can't.
    package func run() async throws {
        let store = try await SampleStore.open(
            setup.database, limits: setup.limits, log: log, metrics: metrics)
        var forwarder: Forwarder?
        if let options = setup.forwarding {
            forwarder = try await Forwarder.open(options, log: log)
            if let forwarder { await store.forward(to: forwarder) }
        }
        async let storing: Void = store.run { heartbeat.expect("store", by: .now + .seconds(180)) }
        do {
            try await serve(store)
        } catch {
            store.stop()
            await storing
            await forwarder?.finish()
            throw error
        }
        store.stop()
        await storing
        heartbeat.forget("store")
        await forwarder?.finish()
    }

    private func serve(_ store: SampleStore) async throws {
        let counters = CollectorCounters(metrics)
        let messages = Admission(store: store, signers: signers, signed: .always, ahead: setup.clockTolerance)
        let receivers = try await MessageReceivers(setup, messages, counters, log: log)
        let api = api(store, counters)
        let server = WebServer(
            setup.listen, in: "collector", tls: credentials.tls, mostConnections: Self.mostConnections, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.run(api.router()) { http in
                    let addresses = Addresses(
                        http: http, udp: receivers.udpAddress?.shown, tcp: receivers.tcpAddress?.shown,
                        bus: receivers.busAddress)
                    tell(addresses)
                    onReady(addresses)
                }
            }
            group.addTask { try await receivers.run() }
            // As a rule HTTP, when the service is told to end or where it can't listen.
            let ending = await group.nextResult()
            await receivers.close()
            try ending?.get()
            group.addTask { try? await Task.sleep(for: Self.farewell) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func api(_ store: SampleStore, _ counters: CollectorCounters) -> CollectorAPI {
        let admission = Admission(
            store: store, signers: signers, signed: .whereMetering, ahead: setup.clockTolerance)
        let intake = IntakeRoute(
            store: store, reader: JSONReader(admission), body: RequestBodyReader(limit: setup.largestRequest),
            budget: ByteBudget(8 * setup.largestRequest), counters: counters)
        return CollectorAPI(
            intake: intake, store: store, counters: counters, metrics: metrics, credentials: credentials,
            hasDashboard: setup.hasDashboard, version: version, log: log)
    }

    private func tell(_ addresses: Addresses) {
        var metadata: Logger.Metadata = ["http": "\(addresses.http)", "tls": "\(credentials.tls != nil)"]
        metadata["udp"] = addresses.udp.map { "\($0)" }
        metadata["tcp"] = addresses.tcp.map { "\($0)" }
        metadata["bus"] = addresses.bus.map { "\($0)" }
        log.info("listening", metadata: metadata)
    }
}
