// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
package import NIOPosix
internal import Synchronization

/// Asks servers over HTTP/1.1, over connections that are kept. Nothing is started, and no certificate read, before the
/// first request; files of certificates that are renewed are taken for the next one.
package final class WebClient: Sendable {
    /// How a client goes about it.
    package struct Options: Sendable {
        /// For how long a connection is waited for.
        package var connectionTimeout = Duration.seconds(10)
        /// To one server, as far as they aren't busy at once.
        package var mostConnections = 8
        /// Requests over one connection; nil for any number.
        package var mostUses: Int?
        /// Of an answer's body, in bytes.
        package var longestAnswer = 8 << 20
        /// For questions without a secret: all headers but `Authorization` go along, wherever it leads.
        package var followsRedirects = false

        package init() {}
    }

    /// One for all of them, and none where there are none.
    package static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let options: Options
    private let trust: WebTrust
    private let current = Mutex<Connections?>(nil)

    package init(_ options: Options = Options(), trust: WebTrust = WebTrust()) {
        self.options = options
        self.trust = trust
    }

    /// - Parameter limit: for the whole answer; nil where whoever waits has set one.
    /// - Throws: ``WebFailure``, or that the task was cancelled.
    package func answer(to request: WebRequest, within limit: Duration? = nil) async throws -> WebAnswer {
        do {
            guard let limit else { return try await execute(request, within: .seconds(3600)) }
            // The library's own deadline ends with the head of an answer: a server that hangs in the middle of the body
            // would be waited for without end.
            return try await withTimeLimit(limit, orThrow: TimeLimitExceeded()) {
                try await self.execute(request, within: limit)
            }
        } catch {
            if error is CancellationError || Task.isCancelled { throw CancellationError() }
            throw WebFailure(error, options, limit: limit)
        }
    }

    private func execute(_ request: WebRequest, within limit: Duration) async throws -> WebAnswer {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        message.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
        let connections = try connected()
        // Until the whole answer is there, whatever is renewed meanwhile.
        defer { withExtendedLifetime(connections) {} }
        let response = try await connections.client.execute(message, timeout: TimeAmount(limit))
        let body = try await response.body.collect(upTo: options.longestAnswer)
        var headers: [String: String] = [:]
        for (name, value) in response.headers {
            let name = name.lowercased()
            headers[name] = headers[name].map { "\($0), \(value)" } ?? value
        }
        return WebAnswer(status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView))
    }

    private func connected() throws -> Connections {
        try current.withLock { current in
            let files = trust.stamps()
            if let current, current.files == files { return current }
            do {
                let made = Connections(
                    HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: try configuration()),
                    files)
                current = made
                return made
            } catch {
                // A renewal that is half done; what was good goes on.
                guard let current else { throw error }
                return current
            }
        }
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = try trust.configuration()
        configuration.redirectConfiguration = options.followsRedirects ? .follow(max: 5, allowCycles: false) : .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = TimeAmount(options.connectionTimeout)
        // Trying again is the caller's: an error that is kept back until the time is up says less, and later.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.mostConnections
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.maximumUsesPerConnection = options.mostUses
        return configuration
    }

    /// The library's client, for as long as a request goes over it or the next one may.
    private final class Connections: Sendable {
        let client: HTTPClient
        /// How the files of certificates were when it was made.
        let files: [WebTrust.FileStamp]

        init(_ client: HTTPClient, _ files: [WebTrust.FileStamp]) {
            self.client = client
            self.files = files
        }

        deinit {
            // They belong to their event loop, which closes them.
            client.shutdown { _ in }
        }
    }
}
