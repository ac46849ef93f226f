// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// HTTP to the services of one cloud, over connections that are kept. Nothing is started before the first request.
final class Transport: Sendable {
    /// What goes over the wire.
    struct Message: Sendable {
        var method: String
        var url: String
        var headers: [String: String]
        var body: [UInt8]?
        /// Over a connection that was used before, one can't tell a request that was never seen from one whose answer
        /// was lost: the service may have closed it at the same instant.
        var needsNewConnection: Bool
    }

    /// Why no answer came.
    struct Failure: Error, Sendable {
        var reason: String
        /// Whether it was for the connection alone, so that another one may do better at once.
        var isOfConnection: Bool
    }

    /// One for all clouds, and none where there is none.
    private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let trust: CloudTrust
    private let clients = Mutex<[Bool: HTTPClient]>([:])

    init(trust: CloudTrust) { self.trust = trust }

    deinit {
        // Their connections belong to their event loop, which closes them.
        for client in clients.withLock({ $0 }).values { client.shutdown { _ in } }
    }

    /// - Throws: ``Failure``, or that the task was cancelled.
    func answer(to message: Message) async throws -> CloudAnswer {
        var request = HTTPClientRequest(url: message.url)
        request.method = HTTPMethod(rawValue: message.method)
        request.headers = HTTPHeaders(message.headers.map { ($0.key, $0.value) })
        if let body = message.body { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let client = try client(reusing: !message.needsNewConnection)
            // Who waits for it has set the bound; this one is there for what the library does without a task.
            let response = try await client.execute(request, deadline: .now() + .hours(1))
            let body = try await response.body.collect(upTo: CloudAnswer.mostBytes)
            var headers: [String: String] = [:]
            for (name, value) in response.headers {
                headers[name.lowercased(), default: ""] += headers[name.lowercased()] == nil ? value : ", \(value)"
            }
            return CloudAnswer(
                status: Int(response.status.code), headers: headers, body: Array(body.readableBytesView),
                url: String(message.url.prefix { $0 != "?" }))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw Self.failure(error)
        }
    }

    private func client(reusing isReusing: Bool) throws -> HTTPClient {
        try clients.withLock { clients in
            if let client = clients[isReusing] { return client }
            var configuration = HTTPClient.Configuration()
            configuration.tlsConfiguration = try trust.configuration()
            configuration.redirectConfiguration = .disallow
            configuration.httpVersion = .http1Only
            configuration.timeout.connect = .seconds(10)
            // Trying again is the session's: an error that is kept back until the time is up says less, and later.
            configuration.connectionPool.retryConnectionEstablishment = false
            // The session bounds requests by service; many services may be behind one host.
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
            configuration.connectionPool.idleTimeout = .seconds(30)
            if !isReusing { configuration.maximumUsesPerConnection = 1 }
            let client = HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: configuration)
            clients[isReusing] = client
            return client
        }
    }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            Failure(reason: "the other side closed the connection", isOfConnection: true)
        case let error as HTTPClientError where error == .connectTimeout:
            Failure(reason: "nobody answers there", isOfConnection: false)
        case let error as IOError:
            Failure(
                reason: "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))",
                isOfConnection: [ECONNRESET, EPIPE, ECONNABORTED].contains(error.errnoCode))
        case let error as NIOConnectionError: failure(error)
        case is ChannelError: Failure(reason: "the connection was closed", isOfConnection: true)
        case is HTTPParserError: Failure(reason: "what answers there speaks no HTTP", isOfConnection: false)
        case is NIOTooManyBytesError:
            Failure(reason: "an answer of over \(CloudAnswer.mostBytes >> 20) MiB", isOfConnection: false)
        case let error as NIOSSLError:
            Failure(reason: "TLS: \(error); check cafile, or insecure for a try", isOfConnection: false)
        default: Failure(reason: "\(error)", isOfConnection: false)
        }
    }

    private static func failure(_ error: NIOConnectionError) -> Failure {
        let causes = error.connectionErrors.map { cause in
            (cause.error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(cause.error)"
        }
        let dns = [error.dnsAError, error.dnsAAAAError].compactMap { $0.map { "\($0)" } }
        return Failure(
            reason: "could not connect to \(error.host):\(error.port): \((causes + dns).first ?? "no address")",
            isOfConnection: false)
    }
}
