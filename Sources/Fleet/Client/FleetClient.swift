// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
package import ClusterModel
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import Settings
internal import WebClient

/// Asks a fleet service, or another of ours, for the command line.
package struct FleetClient: Sendable {
    /// Why there is no answer to go on with.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package var description: String
    }

    private static let patience = TimeAmount.seconds(60)
    private static let mostBytes = 64 << 20

    private let base: String
    private let token: String?
    private let trust: TLSConfiguration?

    /// - Parameters:
    ///   - url: `http://host:port` or `https://…`.
    ///   - tokenFile: whose first token is shown; nil for none.
    ///   - authority: a PEM file with the authorities to trust, beside the system's where it is nil.
    package init(url: String, tokenFile: String?, authority: String?) throws(Mistake) {
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme ?? ""), parts.host != nil
        else {
            throw Mistake(
                .init("command line"), "--url", found: url.withoutPassword.quoted,
                allowed: "http://host:port, https://host:port")
        }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        if let tokenFile {
            let lines = try TextFile.read(tokenFile).split(whereSeparator: \.isNewline)
            guard let first = lines.first(where: { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }) else {
                throw Mistake(.init(tokenFile), "", found: "no token", allowed: "one on a line")
            }
            token = first.trimmingCharacters(in: .whitespaces)
        } else {
            token = nil
        }
        guard let authority else {
            trust = nil
            return
        }
        _ = try TextFile.read(authority)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        trust = configuration
    }

    /// - Parameters:
    ///   - query: names and values, which are encoded here.
    ///   - version: as the thing was seen; where it was changed since, nothing is done.
    /// - Returns: the answer's body; null where it has none.
    /// - Throws: ``Failure`` with the service's words, or why it can't be reached.
    package func send(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
        ifVersion version: Int? = nil
    ) async throws -> JSONValue {
        var configuration = HTTPClient.Configuration(tlsConfiguration: trust)
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let answer = try await send(client, method, path, query, body, version)
            try await client.shutdown()
            return answer
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func send(
        _ client: HTTPClient, _ method: String, _ path: String, _ query: [(String, String)], _ body: JSONValue?,
        _ version: Int?
    ) async throws -> JSONValue {
        var components = URLComponents()
        components.queryItems = query.map { URLQueryItem(name: $0.0, value: $0.1) }
        let suffix = query.isEmpty ? "" : "?" + (components.percentEncodedQuery ?? "")
        // A name that an operator typed may hold anything.
        let place = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        var request = HTTPClientRequest(url: base + place + suffix)
        request.method = HTTPMethod(rawValue: method)
        request.headers = ["User-Agent": "hypsometer"]
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let version { request.headers.add(name: "If-Match", value: "\"\(version)\"") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.json))
        }
        let status: UInt
        let text: String
        do {
            (status, text) = try await withTimeLimit(.nanoseconds(Self.patience.nanoseconds)) { [request] in
                let response = try await client.execute(request, timeout: Self.patience)
                return (response.status.code, String(buffer: try await response.body.collect(upTo: Self.mostBytes)))
            }
        } catch {
            let reason = HTTPFailure(error, after: .nanoseconds(Self.patience.nanoseconds))
            throw Failure(description: "could not ask \(base): \(reason)")
        }
        let value = text.isEmpty ? JSONValue.null : (try? JSONValue(parsing: text)) ?? .string(text)
        guard (200..<300).contains(status) else {
            throw Failure(description: "\(value["detail"]?.string ?? text.shortened(to: 300)) (\(status))")
        }
        return value
    }
}
