// SPDX-License-Identifier: Apache-2.0
package import Daemon
internal import Glibc
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import ServiceLifecycle
package import Settings
internal import Synchronization
internal import WebClient

/// The agent's Prometheus endpoint: `[polling] enable_prometheus_exporter`.
package struct PrometheusExporter: Service {
    /// Open at once, of all addresses; whoever comes then is turned away.
    private static let mostConnections = 64
    /// A connection over which nothing goes for so long is closed.
    private static let idleTime = TimeAmount.seconds(120)

    private let channels: [any Channel]
    private let log: Logger

    /// Where it listens, with the ports that the system chose.
    package var addresses: [String] { channels.compactMap { $0.localAddress.map(Self.text) } }

    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return (host.contains(":") ? "[\(host)]" : host) + ":\(address.port ?? 0)"
    }

    /// Listens from now on.
    ///
    /// - Parameter figures: of the process itself, as of now.
    package static func start(
        _ options: ExporterOptions, _ samples: ExposedSamples, figures: @escaping @Sendable () -> [MetricsFigure],
        log: Logger
    ) async throws(Mistake) -> PrometheusExporter {
        let page: @Sendable (PrometheusDialect) -> ExpositionPage = { dialect in
            ExpositionPage(samples.current(), figures: figures(), as: dialect)
        }
        let open = Mutex(0)
        let gate = Gate(
            open: {
                open.withLock {
                    $0 += 1; return $0 <= mostConnections
                }
            }, close: { open.withLock { $0 -= 1 } })
        var channels: [any Channel] = []
        for address in options.addresses {
            do {
                let isShared = options.addresses.contains { $0.port == address.port && $0 != address }
                channels.append(try await listen(address, isShared: isShared, options.tls, gate, page))
            } catch {
                for channel in channels { try? await channel.close() }
                throw Mistake(
                    options.place, "[polling] \(ExporterOptions.addresses.name)",
                    found: "\("\(address)".quoted), where it can't listen: \(WebFailure.words(of: error))",
                    allowed: "addresses of this host, with ports that nothing else listens at")
            }
        }
        let exporter = PrometheusExporter(channels: channels, log: log)
        log.notice(
            "Prometheus may scrape",
            metadata: [
                "addresses": "\(exporter.addresses.joined(separator: ", "))", "tls": "\(options.tls != nil)",
            ])
        return exporter
    }

    /// Bounds the connections.
    private struct Gate: Sendable {
        var open: @Sendable () -> Bool
        var close: @Sendable () -> Void
    }

    /// - Parameter isShared: whether another address has the same port, as `0.0.0.0` and `[::]`: each has its own then.
    private static func listen(
        _ address: HostPort, isShared: Bool, _ tls: TLSConfiguration?, _ gate: Gate,
        _ page: @escaping @Sendable (PrometheusDialect) -> ExpositionPage
    ) async throws -> any Channel {
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        // The name may have to be asked for, which blocks.
        let target = try await offPool { () throws in
            try SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
        }
        var bootstrap = ServerBootstrap(group: WebClient.eventLoops)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        if isShared, case .v6 = target {
            bootstrap = bootstrap.serverChannelOption(.socket(.init(IPPROTO_IPV6), .init(IPV6_V6ONLY)), value: 1)
        }
        return try await bootstrap.childChannelInitializer { channel in
            let isWelcome = gate.open()
            channel.closeFuture.whenComplete { _ in gate.close() }
            guard isWelcome else { return channel.close() }
            return channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                try pipeline.configureHTTPServerPipeline()
                try pipeline.addHandler(IdleStateHandler(allTimeout: idleTime))
                try pipeline.addHandler(ExporterHandler(page: page))
            }
        }.bind(to: target).get()
    }

    package func run() async throws {
        // Until the end, however it comes.
        try? await gracefulShutdown()
        for channel in channels { try? await channel.close() }
    }
}
