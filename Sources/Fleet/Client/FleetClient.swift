// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import Foundation
package import Settings
internal import WebClient

/// Asks a fleet service, or another of ours, for the command line.
package struct FleetClient: Sendable {
    /// Why there is no answer to go on with.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package var description: String
    }

    private static let patience = Duration.seconds(60)

    private let base: String
    private let token: String?
    private let client: WebClient

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
        var trust = WebTrust()
        trust.authorities = authority
        if let (_, path) = trust.unusableFile() {
            _ = try TextFile.read(path)
            throw Mistake(.init(path), "", found: "no certificate", allowed: "authorities as PEM")
        }
        var options = WebClient.Options()
        options.longestAnswer = 64 << 20
        client = WebClient(options, trust: trust)
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
        var components = URLComponents()
        components.queryItems = query.map { URLQueryItem(name: $0.0, value: $0.1) }
        let suffix = query.isEmpty ? "" : "?" + (components.percentEncodedQuery ?? "")
        // A name that an operator typed may hold anything.
        let place = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        var request = WebRequest(method, base + place + suffix, headers: [("User-Agent", "hypsometer")])
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        if let version { request.headers.append(("If-Match", "\"\(version)\"")) }
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = Array(body.json.utf8)
        }
        let answer: WebAnswer
        do {
            answer = try await client.answer(to: request, within: Self.patience)
        } catch let failure as WebFailure {
            throw Failure(description: "could not ask \(base): \(failure)")
        }
        let text = answer.text
        let value = text.isEmpty ? JSONValue.null : (try? JSONValue(parsing: text)) ?? .string(text)
        guard answer.isSuccess else {
            throw Failure(description: "\(value["detail"]?.string ?? text.shortened(to: 300)) (\(answer.status))")
        }
        return value
    }
}
