// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Pipelines
internal import Settings
internal import WebClient

/// Asks one server over a connection that is kept: what all publishers have in common that speak HTTP.
actor HTTPExchange {
    /// What a URL may say of it.
    static let options = HTTPTrust.options.union(["timeout", "max_retries", "token_file"])

    /// One for all of them, and none where there are none.
    static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    nonisolated let target: HTTPTarget
    /// Finds scheme and host where the URL has none.
    private let findBase: (@Sendable () async throws -> String)?
    private var base: String?
    private let credentials: (any HTTPCredentials)?
    private let trust: TLSConfiguration?
    private let timeout: TimeAmount
    private let retries: Int
    private var client: HTTPClient?
    private var known: HTTPCredential?

    /// - Parameters:
    ///   - scheme: `http` or `https`.
    ///   - path: where the URL names none.
    ///   - credentials: where the URL has none of its own.
    init(
        _ url: PublisherURL, scheme: String, path: String, credentials: (any HTTPCredentials)? = nil
    ) throws(Mistake) {
        target = try HTTPTarget(url, scheme: scheme, standardPath: path)
        base = target.base
        findBase = nil
        self.credentials = target.credentials ?? credentials
        trust = try HTTPTrust.configuration(url, scheme: scheme)
        timeout = .seconds(Int64(try url.integer("timeout", 1...3600) ?? 5))
        retries = try url.integer("max_retries", 0...100) ?? 2
    }

    /// Of a service whose place is asked for when it is first needed, over TLS as the catalog's address has it.
    init(
        _ url: PublisherURL, credentials: any HTTPCredentials, trust: TLSConfiguration?,
        base findBase: @escaping @Sendable () async throws -> String
    ) throws(Mistake) {
        target = HTTPTarget(base: "", path: "/")
        self.credentials = credentials
        self.findBase = findBase
        self.trust = trust
        timeout = .seconds(Int64(try url.integer("timeout", 1...3600) ?? 6))
        retries = try url.integer("max_retries", 0...100) ?? 2
    }

    deinit {
        // Its connections belong to its event loop, which closes them.
        client?.shutdown { _ in }
    }

    /// Posts to the target's own path.
    func post(_ body: [UInt8], _ headers: [(String, String)]) async throws -> HTTPAnswer {
        try await ask(.POST, target.path, headers, body)
    }

    /// - Parameter path: from the first slash on.
    /// - Returns: any answer there was; where the credential was refused, the one to another try with a fresh one.
    func ask(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)], _ body: [UInt8]
    ) async throws -> HTTPAnswer {
        let used = known
        let answer = try await execute(method, path, headers, body)
        guard answer.meaning == .unauthorized, let credentials, used != nil else { return answer }
        // It may have been replaced.
        let fresh = try await credentials.credential(isAfterRefusal: true)
        guard fresh != used else { return answer }
        known = fresh
        return try await execute(method, path, headers, body)
    }

    private func execute(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)], _ body: [UInt8]
    ) async throws -> HTTPAnswer {
        if base == nil { base = try await findBase?() }
        var request = HTTPClientRequest(url: (base ?? "") + path)
        request.method = method
        request.headers = HTTPHeaders([("User-Agent", "hypsometer")] + headers)
        if known == nil { known = try await credentials?.credential(isAfterRefusal: false) }
        if let known { request.headers.add(name: known.name, value: known.value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        var left = retries
        while true {
            do {
                let (client, timeout) = (connected(), timeout)
                return try await withTimeLimit(.nanoseconds(timeout.nanoseconds)) { [request] in
                    let response = try await client.execute(request, timeout: timeout)
                    let bytes = try await response.body.collect(upTo: HTTPAnswer.mostBytes)
                    return HTTPAnswer(
                        status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                        body: Array(bytes.readableBytesView))
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                guard left > 0, HTTPFailure.isOfConnection(error) else {
                    throw HTTPFailure(error, after: .nanoseconds(timeout.nanoseconds))
                }
                left -= 1
            }
        }
    }

    /// Made when it is first needed: whoever only checks a configuration starts no thread.
    private func connected() -> HTTPClient {
        if let client { return client }
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = trust
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = timeout
        // Trying again is ours: an error that is kept back until the time is up says less, and later.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        let made = HTTPClient(eventLoopGroupProvider: .shared(Self.eventLoops), configuration: configuration)
        client = made
        return made
    }
}

extension PublisherURL {
    /// What the option `ssl` says, where the scheme of the URL doesn't: `http` or `https`.
    func httpScheme() throws(Mistake) -> String {
        switch options["ssl"] {
        case nil, "0"?, "False"?, "false"?: return "http"
        case "1"?, "True"?, "true"?: return "https"
        case let text?:
            throw Mistake(place, "publisher \(shown), option ssl", found: text.quoted, allowed: "1 or 0")
        }
    }
}
