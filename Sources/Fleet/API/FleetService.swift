// SPDX-License-Identifier: Apache-2.0
package import Daemon
internal import FleetExtensions
internal import GRDB
internal import Hummingbird
internal import HypsometerKit
package import Logging
internal import ServiceLifecycle
internal import Telemetry
internal import Web

/// The fleet service at work.
package struct FleetService: Service {
    /// Connections that are served at one time; further ones wait to be accepted.
    private static let mostConnections = 12_000

    private let setup: FleetSetup
    private let version: String
    private let heartbeat: Heartbeat
    private let metrics: MetricsMemory
    private let reload: FleetReload?
    private let log: Logger
    private let onReady: @Sendable (String) -> Void

    /// - Parameters:
    ///   - metrics: where figures are kept and what `/metrics` shows.
    ///   - reload: nil where SIGHUP isn't heard.
    ///   - onReady: called with the address, once requests can come.
    package init(
        setup: FleetSetup, version: String, heartbeat: Heartbeat, metrics: MetricsMemory,
        reload: FleetReload? = nil, log: Logger, onReady: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.setup = setup
        self.version = version
        self.heartbeat = heartbeat
        self.metrics = metrics
        self.reload = reload
        self.log = log
        self.onReady = onReady
    }

    package func run() async throws {
        let tokens = try await offPool { [setup] in Result { try AdminTokenFile.readOrMake(setup.tokenFile) } }.get()
        if tokens.isNew { log.notice("made a token for administrators", metadata: ["file": "\(setup.tokenFile)"]) }
        let inventory = try await Inventory.open(setup.database)
        let inForce = try FleetInForce(setup, admins: tokens.tokens)
        let host = ExtensionHost(inForce, inventory, log: log)
        let operations = FleetOperations(inventory: inventory, reviewer: host)
        let watch = NodeWatch(
            inventory: inventory, operations: operations, heartbeats: Heartbeats(),
            offlineAfter: { inForce.setup.offlineAfter })
        let routes = routes(host, operations, watch)
        do {
            try await watch.begin()
            try await host.load(
                coreRoutes: routes.map(\.pattern), calls: ExtensionCalls(host: host, operations: operations).calls)
            let dispatch = FleetDispatch(
                routes: routes, extensions: ExtensionGateway(host: host),
                access: Access(credentials: inForce.credentials, tokens: inventory.tokens), inForce: inForce)
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
        let router = Router()
        router.add(middleware: ProblemMiddleware(log: log))
        router.add(middleware: dispatch)
        let inForce = dispatch.inForce
        let server = WebServer(
            setup.listen, in: "fleet", tls: inForce.credentials.tls, mostConnections: Self.mostConnections, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await host.tellAll() }
            group.addTask { await self.sweep(watch, host) }
            defer { group.cancelAll() }
            if let reload {
                let sections = host.extensions.map { "\(EntryPoint.fleetExtension).\($0.name)" }
                group.addTask { await reload.run(inForce, sections: sections, log: log) }
            }
            // Until the service is told to end, or where it can't listen.
            try await server.run(router) { found in
                inForce.note(address: found)
                log.info("listening", metadata: ["http": "\(found)", "tls": "\(inForce.credentials.tls != nil)"])
                onReady(found)
            }
        }
        try? await watch.sweep()  // at the end there is nobody to tell, and nothing is lost but a time
    }

    /// Looks after nodes and old events, until it is cancelled.
    private func sweep(_ watch: NodeWatch, _ host: ExtensionHost) async {
        let faults = FaultLog(log: log)
        let clock = SteadyClock(log: log, consequence: "no event is deleted because of its age")
        var turns = 0
        while !Task.isCancelled {
            heartbeat.expect("sweep", by: .now + .seconds(180))
            do {
                try await watch.sweep()
                let now = clock.reading().earliest
                if turns % 100 == 0 { try await forget(host, now) }
                faults.note("looking after nodes", nil)
            } catch is CancellationError {
                break
            } catch {
                faults.note("looking after nodes", error)
            }
            turns += 1
            let pause = min(Duration.seconds(30), watch.offlineAfter() / 4)
            try? await Task.sleep(for: pause)  // cancellation ends the loop
        }
        heartbeat.forget("sweep")
    }

    private func forget(_ host: ExtensionHost, _ now: Timestamp) async throws {
        let limit = Timestamp(
            microseconds: now.microseconds - Int64(host.setup.retentionDays) * 86_400_000_000)
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
}
