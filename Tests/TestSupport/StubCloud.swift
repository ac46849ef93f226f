// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A Keystone and the services of its catalog on one port of 127.0.0.1: Keystone's part is as recorded, what the
/// services answer is a test's.
package final class StubCloud: Sendable {
    package static let password = "open sesame"

    package let sink: HTTPSink
    private let keystone: StubKeystone

    /// - Parameters:
    ///   - services: The paths of their addresses by their types; a whole URL where one is somewhere else.
    ///   - lifetime: Of a token, in seconds.
    ///   - answer: What a service answers whoever shows a token that is accepted.
    package init(
        services: [String: String], lifetime: Int = 3600,
        answer: @escaping @Sendable (HTTPSink.Request) -> HTTPSink.Answer?
    ) throws {
        let keystone = StubKeystone(services: services, lifetime: lifetime)
        self.keystone = keystone
        sink = try HTTPSink { request in
            if request.path == "/v3/auth/tokens" { return keystone.login(request) }
            return keystone.accepts(request) ? answer(request) : keystone.refusal
        }
    }

    deinit { sink.stop() }

    package var url: String { sink.url }
    /// How often somebody logged in.
    package var logins: Int { sink.requests.count { $0.path == "/v3/auth/tokens" } }
    /// What services were asked, without logins.
    package var paths: [String] { sink.requests.map(\.path).filter { $0 != "/v3/auth/tokens" } }

    /// Makes all tokens invalid.
    package func revoke() { keystone.revoke() }
}

private final class StubKeystone: Sendable {
    private let state = Mutex<(issued: Int, accepted: Set<String>)>((0, []))
    private let services: [String: String]
    private let lifetime: Int

    init(services: [String: String], lifetime: Int) {
        self.services = services
        self.lifetime = lifetime
    }

    func revoke() { state.withLock { $0.accepted = [] } }

    func accepts(_ request: HTTPSink.Request) -> Bool {
        state.withLock { $0.accepted.contains(request.headers["x-auth-token"] ?? "") }
    }

    var refusal: HTTPSink.Answer {
        .init(401, body: #"{"error": {"code": 401, "message": "The token is not known.", "title": "Unauthorized"}}"#)
    }

    func login(_ request: HTTPSink.Request) -> HTTPSink.Answer {
        let body = String(decoding: request.body, as: UTF8.self)
        guard body.contains(StubCloud.password) else {
            let message = "The request you have made requires authentication."
            return .init(401, body: #"{"error": {"code": 401, "message": "\#(message)", "title": "Unauthorized"}}"#)
        }
        let token = state.withLock { state in
            state.issued += 1
            let token = "token-\(state.issued)"
            state.accepted.insert(token)
            return token
        }
        let host = request.headers["host"] ?? ""
        let catalog = services.sorted { $0.key < $1.key }.map { type, path in
            let url = path.hasPrefix("http") ? path : "http://\(host)\(path)"
            return #"{"type": "\#(type)", "name": "\#(type) of the stub", "endpoints": [{"interface": "public", "#
                + #""region": "RegionOne", "region_id": "RegionOne", "id": "e", "url": "\#(url)"}]}"#
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
