// SPDX-License-Identifier: Apache-2.0
internal import WebClient

/// HTTP to the services of one cloud.
struct Transport: Sendable {
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

    private let kept: WebClient
    private let fresh: WebClient

    init(trust: WebTrust) {
        var options = WebClient.Options()
        options.longestAnswer = CloudAnswer.mostBytes
        // The session bounds requests by service; many services may be behind one host.
        options.mostConnections = 512
        kept = WebClient(options, trust: trust)
        options.mostUses = 1
        fresh = WebClient(options, trust: trust)
    }

    /// Whoever waits for it has set the bound.
    ///
    /// - Throws: `WebFailure`, or that the task was cancelled.
    func answer(to message: Message) async throws -> CloudAnswer {
        let request = WebRequest(
            message.method, message.url, headers: message.headers.map { (name: $0.key, value: $0.value) },
            body: message.body)
        let answer = try await (message.needsNewConnection ? fresh : kept).answer(to: request)
        return CloudAnswer(
            status: answer.status, headers: answer.headers, body: answer.body,
            url: String(message.url.prefix { $0 != "?" }))
    }
}
