// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import OpenStack
internal import Settings
package import Telemetry
internal import WebClient

/// APIs outside of the cloud, by their URLs. No redirection is followed: a credential would go with it.
package actor WebSource: AnswerSource {
    private var client: HTTPClient?
    /// Gives the payload of a secret in Barbican; nil where there is no cloud.
    private let secret: (@Sendable (_ id: String, _ deadline: MonotonicTime) async throws -> String)?

    /// nil: the system's authorities.
    private let trust: CloudTrust?

    package init(secret: (@Sendable (_ id: String, _ deadline: MonotonicTime) async throws -> String)? = nil) {
        self.secret = secret
        trust = nil
    }

    /// - Parameter trust: whose files have been checked.
    init(trust: CloudTrust) {
        secret = nil
        self.trust = trust
    }

    deinit {
        // Its connections belong to its event loop, which closes them.
        client?.shutdown { _ in }
    }

    package func answer(to question: Question) async throws -> [UInt8] {
        let shown = question.target.withoutPassword.shortened(to: 200)
        var request = HTTPClientRequest(url: question.target)
        request.headers.add(name: "User-Agent", value: "hypsometer-polling")
        request.headers.add(name: "Accept", value: "*/*")
        for header in question.headers { request.headers.replaceOrAdd(name: header.name, value: header.value) }
        if var credential = question.credential {
            if credential.parameters.isEmpty, let id = credential.secretID {
                credential.parameters = try await parameters(id, question.deadline)
            }
            for (name, value) in try credential.headers(forGetting: question.target, at: .now) {
                request.headers.replaceOrAdd(name: name, value: value)
            }
        }
        let left = max(0.001, question.deadline.seconds(since: .now))
        do {
            let client = try connected()
            let (status, body) = try await withTimeLimit(.seconds(left)) { [request] in
                let response = try await client.execute(request, timeout: .nanoseconds(Int64(left * 1e9)))
                return (response.status, try await response.body.collect(upTo: ResponseHandler.mostBytes))
            }
            if question.isOptional, status == .notFound { return [] }
            guard status == .ok else {
                let words = String(decoding: body.readableBytesView.prefix(200), as: UTF8.self)
                throw AnswerError(
                    "GET \(shown): answered \(status.code) \(words.quoted)", status: Int(status.code))
            }
            return Array(body.readableBytesView)
        } catch let error as AnswerError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw AnswerError("GET \(shown): \(HTTPFailure(error, after: .seconds(left)))")
        }
    }

    private func parameters(_ id: String, _ deadline: MonotonicTime) async throws -> [String] {
        guard let secret else {
            throw AnswerError("barbican_secret_id needs a cloud; see [service_credentials]")
        }
        return WebCredential.split(try await secret(id, deadline))
    }

    /// Made when it is first needed: whoever only checks definitions starts no thread.
    private func connected() throws -> HTTPClient {
        if let client { return client }
        var configuration = HTTPClient.Configuration()
        if let trust { configuration.tlsConfiguration = try trust.configuration() }
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        let made = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
        client = made
        return made
    }
}
