// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import ClusterModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Settings
internal import WebClient

/// The way to the fleet service.
struct FleetLink: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: JSONValue
    }

    private static let patience = TimeAmount.seconds(30)
    private static let mostBytes = 8 << 20

    private let base: String
    private let client: HTTPClient

    init(_ settings: FleetAgentSettings) {
        base = settings.url
        var trust: TLSConfiguration?
        if let file = settings.authorities {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(file)
            trust = configuration
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: trust)
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async throws { try await client.shutdown() }

    /// - Parameter accepted: statuses that are answers to go on with.
    /// - Throws: ``FleetAgentError``; no token is in it.
    func send(
        _ method: HTTPMethod, _ path: String, token: String, headers: HTTPHeaders = [:], body: JSONValue? = nil,
        accepted: Set<Int>
    ) async throws(FleetAgentError) -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = ["Authorization": "Bearer \(token)", "User-Agent": "hypsometer-polling"]
        request.headers.add(contentsOf: headers)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.json))
        }
        let (status, received, text): (Int, HTTPHeaders, String)
        do {
            (status, received, text) = try await withTimeLimit(.nanoseconds(Self.patience.nanoseconds)) {
                [client, request] in
                let response = try await client.execute(request, timeout: Self.patience)
                let buffer = try await response.body.collect(upTo: Self.mostBytes)
                return (Int(response.status.code), response.headers, String(buffer: buffer))
            }
        } catch {
            let reason = HTTPFailure(error, after: .nanoseconds(Self.patience.nanoseconds))
            throw FleetAgentError("could not ask \(base): \(reason)")
        }
        let value = text.isEmpty ? JSONValue.null : (try? JSONValue(parsing: text)) ?? .string(text)
        guard accepted.contains(status) else {
            let words = (value["detail"]?.string ?? text).shortened(to: 300)
            throw FleetAgentError("\(base) says: \(words) (\(status))", status: status)
        }
        return Answer(status: status, headers: received, body: value)
    }
}
