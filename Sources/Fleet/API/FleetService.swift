// SPDX-License-Identifier: Apache-2.0
package import Daemon
internal import FleetExtensions
internal import GRDB
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import HypsometerKit
package import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Telemetry
internal import Web

/// The fleet service at work.
package struct FleetService: Service {
    /// Connections that are served at one time; further ones wait to be accepted.
    private static let mostConnections = 12_000
    /// A connection that says nothing for so long is closed.
    private static let patience = TimeAmount.seconds(75)

    private let setup: FleetSetup
    private let version: String
    private let heartbeat: Heartbeat
    private let metrics: MetricsMemory
    private let log: Logger
    private let onReady: @Sendable (String) -> Void

    /// - Parameters:
    ///   - metrics: where figures are kept and what `/metrics` shows.
    ///   - onReady: called with the address, once requests can come.
    package init(
        setup: FleetSetup, version: String, heartbeat: Heartbeat, metrics: MetricsMemory, log: Logger,
        onReady: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.setup = setup
        self.version = version
        self.heartbeat = heartbeat
        self.metrics = metrics
        self.log = log
        self.onReady = onReady
    }

    package func run() async throws {
        let tokens = try await offPool { [setup] in Result { try AdminTokenFile.readOrMake(setup.tokenFile) } }.get()
        if tokens.isNew { log.notice("made a token for administrators", metadata: ["file": "\(setup.tokenFile)"]) }
        let inventory = try await Inventory.open(setup.database)
        let host = ExtensionHost(setup, inventory, log: log)
        let operations = FleetOperations(inventory: inventory, reviewer: host)
        let watch = NodeWatch(
            inventory: inventory, operations: operations, heartbeats: Heartbeats(), offlineAfter: setup.offlineAfter)
        let routes = routes(host, operations, watch)
        do {
            try await watch.begin()
            try await host.load(
                coreRoutes: routes.map(\.pattern), calls: ExtensionCalls(host: host, operations: operations).calls)
            let dispatch = FleetDispatch(
                routes: routes, extensions: ExtensionGateway(host: host),
                access: Access(admins: tokens.tokens, tokens: inventory.tokens),
                body: BodyIntake(limit: setup.largestRequest))
            try await serve(dispatch, host, watch)
        } catch {
            await offPool { host.stop() }
            try? inventory.close()  // why it ends is told by the first error
            throw error
        }
        await offPool { host.stop() }
        try inventory.close()
    }

    private func routes(_ host: ExtensionHost, _ operations: FleetOperations, _ watch: NodeWatch) -> [FleetRoute] {
        let deployments = Deployments(
            operations, host,
            bootstrap: BootstrapSource(
                url: setup.advertised.url, authorities: setup.advertised.authorities, agentVersion: version),
            kept: setup.generationsKept)
        let routes =
            NodeRoutes(operations: operations, watch: watch, host: host).all
            + ClusterRoutes(operations: operations, host: host, heartbeats: watch.heartbeats).all
            + ClusterExtensionRoutes(operations: operations, host: host).all + ExtensionRoutes(host: host).all
            + DeployRoutes(deployments: deployments).all + NodeConfigRoutes(deployments: deployments).all
            + PageRoutes.all + TokenRoutes(inventory: host.inventory).all + RoleRoutes(inventory: host.inventory).all
        func service(_ description: @escaping @Sendable () -> [UInt8]) -> [FleetRoute] {
            ServiceRoutes(
                inventory: host.inventory, host: host, heartbeats: watch.heartbeats, metrics: metrics,
                description: description
            ).all
        }
        let core = routes.map(\.operation) + service { [] }.map(\.operation)
        return routes
            + service { [version] in
                let extensions = host.routes.routes.map { route in
                    OpenAPI.Operation(
                        route.declared.method, route.pattern.description,
                        route.declared.summary.isEmpty
                            ? "Of the extension \(route.owner.name)" : route.declared.summary,
                        answers: [200: "As the extension \(route.owner.name) has it"],
                        needsToken: route.declared.access != .anybody)
                }
                return OpenAPI(title: "Hypsometer fleet", version: version, core + extensions).json
            }
    }

    private func serve(_ dispatch: FleetDispatch, _ host: ExtensionHost, _ watch: NodeWatch) async throws {
        let application = try application(dispatch)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await host.tellAll() }
            group.addTask { await self.sweep(watch, host) }
            defer { group.cancelAll() }
            // Until the service is told to end, or where it can't listen.
            do { try await application.run() } catch let error as IOError {
                throw ListenError("listen", in: "fleet", setup.listen, error)
            }
        }
        try? await watch.sweep()  // at the end there is nobody to tell, and nothing is lost but a time
    }

    /// Looks after nodes and old events, until it is cancelled.
    private func sweep(_ watch: NodeWatch, _ host: ExtensionHost) async {
        let faults = FaultLog(log: log)
        let pause = min(Duration.seconds(30), setup.offlineAfter / 4)
        var turns = 0
        while !Task.isCancelled {
            heartbeat.expect("sweep", by: .now + .seconds(180))
            do {
                try await watch.sweep()
                if turns % 100 == 0 { try await forget(host) }
                faults.note("looking after nodes", nil)
            } catch is CancellationError {
                break
            } catch {
                faults.note("looking after nodes", error)
            }
            turns += 1
            try? await Task.sleep(for: pause)  // cancellation ends the loop
        }
        heartbeat.forget("sweep")
    }

    private func forget(_ host: ExtensionHost) async throws {
        let limit = Timestamp(microseconds: Timestamp.now.microseconds - Int64(setup.retentionDays) * 86_400_000_000)
        let lost = try await host.inventory.write { database -> [(name: String, count: Int)] in
            let records = try ExtensionRows.all(database)
            let lost = try records.map { record in
                let count = try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM event WHERE time < ? AND number > ?",
                    arguments: [limit.microseconds, record.delivered])
                return (name: record.name, count: count ?? 0)
            }
            _ = try EventRows.forget(before: limit, database)
            try AuditRows.forget(before: limit, database)
            return lost
        }
        for (name, count) in lost where count > 0 {
            log.warning("\(count) events past their time were deleted before extension \(name) was told of them")
        }
    }

    private func application(_ dispatch: FleetDispatch) throws -> some ApplicationProtocol {
        let router = Router()
        router.add(middleware: ProblemMiddleware(log: log))
        router.add(middleware: dispatch)
        let http = HTTPServerBuilder.http1(configuration: .init(idleTimeout: Self.patience))
        // Hummingbird says at info what we say ourselves.
        var quiet = log
        quiet.logLevel = max(log.logLevel, .notice)
        return Application(
            router: router, server: try setup.tls.map { try .tls(http, tlsConfiguration: $0) } ?? http,
            configuration: .init(
                address: .hostname(setup.listen.host, port: setup.listen.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { channel in
                let host = channel.localAddress?.ipAddress ?? ""
                let address = "\(host.contains(":") ? "[\(host)]" : host):\(channel.localAddress?.port ?? 0)"
                log.info("listening", metadata: ["http": "\(address)", "tls": "\(setup.tls != nil)"])
                onReady(address)
            }, logger: quiet)
    }
}
