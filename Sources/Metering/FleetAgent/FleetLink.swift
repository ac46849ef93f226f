// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Settings
internal import WebClient

/// The way to the fleet service.
struct FleetLink: Sendable {
    struct Answer: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: JSONValue
    }

    private static let patience = Duration.seconds(30)

    private let base: String
    private let client: WebClient

    init(_ settings: FleetAgentSettings) {
        base = settings.url
        client = WebClient(trust: settings.trust)
    }

    /// - Parameter accepted: statuses that are answers to go on with.
    /// - Throws: ``FleetAgentError``; no token is in it.
    func send(
        _ method: String, _ path: String, token: String, headers: [(name: String, value: String)] = [],
        body: JSONValue? = nil, accepted: Set<Int>
    ) async throws(FleetAgentError) -> Answer {
        var request = WebRequest(
            method, base + path,
            headers: [("Authorization", "Bearer \(token)"), ("User-Agent", "hypsometer-polling")] + headers)
        if let body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = Array(body.json.utf8)
        }
        let answer: WebAnswer
        do {
            answer = try await client.answer(to: request, within: Self.patience)
        } catch {
            throw FleetAgentError("could not ask \(base): \(error)")
        }
        let text = answer.text
        let value = text.isEmpty ? JSONValue.null : (try? JSONValue(parsing: text)) ?? .string(text)
        guard accepted.contains(answer.status) else {
            let words = (value["detail"]?.string ?? text).shortened(to: 300)
            throw FleetAgentError("\(base) says: \(words) (\(answer.status))", status: answer.status)
        }
        return Answer(status: answer.status, headers: answer.headers, body: value)
    }
}
