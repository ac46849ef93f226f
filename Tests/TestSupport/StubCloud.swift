// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A Keystone and the services of its catalog on one port of 127.0.0.1: Keystone's part is as recorded, what the
/// services answer is a test's.
package final class StubCloud: Sendable {
    package static let password = "open sesame"

    private struct State {
        var issued = 0
        var accepted: Set<String> = []
        var sink: HTTPSink?
    }

    private let state = Mutex(State())
    private let types: [String: String]
    private let lifetime: Int
    private let answer: @Sendable (HTTPSink.Request) -> HTTPSink.Answer?

    /// - Parameters:
    ///   - services: The paths of their addresses by their types.
    ///   - lifetime: Of a token, in seconds.
    ///   - answer: What a service answers whoever shows a token that is accepted.
    package init(
        services: [String: String], lifetime: Int = 3600,
        answer: @escaping @Sendable (HTTPSink.Request) -> HTTPSink.Answer?
    ) throws {
        types = services
        self.lifetime = lifetime
        self.answer = answer
        let sink = try HTTPSink { [weak self] request in self?.answer(to: request) }
        state.withLock { $0.sink = sink }
    }

    deinit { sink.stop() }

    package var sink: HTTPSink { state.withLock { $0.sink! } }
    package var url: String { sink.url }
    /// How often somebody logged in.
    package var logins: Int { sink.requests.count { $0.path == "/v3/auth/tokens" } }
    /// What services were asked, without logins.
    package var paths: [String] { sink.requests.map(\.path).filter { $0 != "/v3/auth/tokens" } }

    /// Makes all tokens invalid.
    package func revoke() { state.withLock { $0.accepted = [] } }

    private func answer(to request: HTTPSink.Request) -> HTTPSink.Answer? {
        if request.path == "/v3/auth/tokens" { return login(request) }
        let token = request.headers["x-auth-token"] ?? ""
        guard state.withLock({ $0.accepted.contains(token) }) else {
            return .init(
                401, body: #"{"error": {"code": 401, "message": "The token is not known.", "title": "Unauthorized"}}"#)
        }
        return answer(request)
    }

    private func login(_ request: HTTPSink.Request) -> HTTPSink.Answer {
        let body = String(decoding: request.body, as: UTF8.self)
        guard body.contains(Self.password) else {
            let message = "The request you have made requires authentication."
            return .init(401, body: #"{"error": {"code": 401, "message": "\#(message)", "title": "Unauthorized"}}"#)
        }
        let token = state.withLock { state in
            state.issued += 1
            let token = "token-\(state.issued)"
            state.accepted.insert(token)
            return token
        }
        let catalog = types.sorted { $0.key < $1.key }.map { type, path in
            #"{"type": "\#(type)", "name": "n", "endpoints": [{"interface": "public", "region": "RegionOne", "#
                + #""region_id": "RegionOne", "id": "e", "url": "\#(url)\#(path)"}]}"#
        }.joined(separator: ", ")
        let issued = "2026-11-21T04:00:00.000000Z"
        let expires = Date(timeIntervalSince1970: 1_795_233_600 + Double(lifetime)).ISO8601Format()
        return .init(
            201, headers: ["X-Subject-Token": token],
            body:
                #"{"token": {"methods": ["password"], "user": {"id": "u1", "name": "admin"}, "project": {"id": "p1"}, "#
                + #""issued_at": "\#(issued)", "expires_at": "\#(expires)", "catalog": [\#(catalog)]}}"#)
    }
}
