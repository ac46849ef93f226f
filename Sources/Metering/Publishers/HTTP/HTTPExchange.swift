// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import WebClient

/// Asks one server over a connection that is kept: what all publishers have in common that speak HTTP.
actor HTTPExchange {
    /// What a URL may say of it.
    static let options = HTTPTrust.options.union(["timeout", "max_retries", "token_file"])

    nonisolated let target: HTTPTarget
    /// Finds scheme and host where the URL has none.
    private let findBase: (@Sendable () async throws -> String)?
    private var base: String?
    private let credentials: (any HTTPCredentials)?
    private let client: WebClient
    private let timeout: Duration
    private let retries: Int
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
        timeout = .seconds(try url.integer("timeout", 1...3600) ?? 5)
        client = Self.client(try HTTPTrust.of(url, scheme: scheme), timeout)
        retries = try url.integer("max_retries", 0...100) ?? 2
    }

    /// Of a service whose place is asked for when it is first needed, over TLS as the catalog's address has it.
    init(
        _ url: PublisherURL, credentials: any HTTPCredentials, trust: WebTrust,
        base findBase: @escaping @Sendable () async throws -> String
    ) throws(Mistake) {
        target = HTTPTarget(base: "", path: "/")
        self.credentials = credentials
        self.findBase = findBase
        timeout = .seconds(try url.integer("timeout", 1...3600) ?? 6)
        client = Self.client(trust, timeout)
        retries = try url.integer("max_retries", 0...100) ?? 2
    }

    /// Posts to the target's own path.
    func post(_ body: [UInt8], _ headers: [(String, String)]) async throws -> HTTPAnswer {
        try await ask("POST", target.path, headers, body)
    }

    /// - Parameter path: from the first slash on.
    /// - Returns: any answer there was; where the credential was refused, the one to another try with a fresh one.
    func ask(
        _ method: String, _ path: String, _ headers: [(String, String)], _ body: [UInt8]
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
        _ method: String, _ path: String, _ headers: [(String, String)], _ body: [UInt8]
    ) async throws -> HTTPAnswer {
        if base == nil { base = try await findBase?() }
        var request = WebRequest(
            method, (base ?? "") + path, headers: [("User-Agent", "hypsometer")] + headers,
            body: body.isEmpty ? nil : body)
        if known == nil { known = try await credentials?.credential(isAfterRefusal: false) }
        if let known { request.headers.append((known.name, known.value)) }
        var left = retries
        while true {
            do {
                let answer = try await client.answer(to: request, within: timeout)
                return HTTPAnswer(
                    status: answer.status, retryAfter: answer.headers["retry-after"], body: answer.body)
            } catch let failure as WebFailure {
                guard left > 0, [.connectionLost, .notConnected].contains(failure.kind) else { throw failure }
                left -= 1
            }
        }
    }

    private static func client(_ trust: WebTrust, _ timeout: Duration) -> WebClient {
        var options = WebClient.Options()
        options.connectionTimeout = timeout
        options.mostConnections = 1
        options.longestAnswer = HTTPAnswer.mostBytes
        return WebClient(options, trust: trust)
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
