// SPDX-License-Identifier: Apache-2.0
package import Hummingbird
internal import HummingbirdCore
package import Logging
package import NIOCore

/// How each of our services serves HTTP.
package struct WebServer: Sendable {
    /// A connection that says nothing for so long is closed.
    private static let patience = TimeAmount.seconds(75)

    private let listen: ListenAddress
    private let section: String
    private let tls: TLSContexts?
    private let mostConnections: Int
    private let log: Logger

    /// - Parameters:
    ///   - section: of the configuration, whose setting `listen` it is.
    ///   - tls: nil for plain HTTP.
    ///   - mostConnections: that are served at one time; further ones wait to be accepted.
    package init(
        _ listen: ListenAddress, in section: String, tls: TLSContexts?, mostConnections: Int, log: Logger
    ) {
        self.listen = listen
        self.section = section
        self.tls = tls
        self.mostConnections = mostConnections
        self.log = log
    }

    /// Serves until the service is told to end.
    ///
    /// - Parameter onListening: called with the address, as `127.0.0.1:4953`, once requests can come.
    /// - Throws: ``ListenError`` where it can't listen.
    package func run(
        _ router: Router<BasicRequestContext>, onListening: @escaping @Sendable (String) -> Void
    ) async throws {
        // Hummingbird says at info what we say ourselves.
        var quiet = log
        quiet.logLevel = max(log.logLevel, .notice)
        let application = Application(
            router: router, server: server,
            configuration: .init(
                address: .hostname(listen.host, port: listen.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(mostConnections)),
            onServerRunning: { channel in onListening(channel.localAddress?.shown ?? "") }, logger: quiet)
        do { try await application.run() } catch let error as IOError {
            throw ListenError("listen", in: section, listen, error)
        }
    }

    private var server: HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(idleTimeout: Self.patience)
        guard let tls else { return .http1(configuration: configuration) }
        return HTTPServerBuilder { responder in
            TLSHTTPChannel(base: HTTP1Channel(responder: responder, configuration: configuration), contexts: tls)
        }
    }
}

extension SocketAddress {
    /// `127.0.0.1:4953`, `[::1]:4953`.
    package var shown: String {
        let host = ipAddress ?? ""
        return "\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
    }
}
