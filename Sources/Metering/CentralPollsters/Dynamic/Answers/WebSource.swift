// SPDX-License-Identifier: Apache-2.0
internal import Settings
package import Telemetry
internal import WebClient

/// APIs outside of the cloud, by their URLs. No redirection is followed: a credential would go with it.
package struct WebSource: AnswerSource {
    private let client: WebClient
    /// Gives the payload of a secret in Barbican; nil where there is no cloud.
    private let secret: (@Sendable (_ id: String, _ deadline: MonotonicTime) async throws -> String)?

    package init(secret: (@Sendable (_ id: String, _ deadline: MonotonicTime) async throws -> String)? = nil) {
        self.init(trust: WebTrust(), secret: secret)
    }

    /// - Parameter trust: whose files have been checked.
    init(
        trust: WebTrust, secret: (@Sendable (_ id: String, _ deadline: MonotonicTime) async throws -> String)? = nil
    ) {
        self.secret = secret
        var options = WebClient.Options()
        options.longestAnswer = ResponseHandler.mostBytes
        client = WebClient(options, trust: trust)
    }

    package func answer(to question: Question) async throws -> [UInt8] {
        let shown = question.target.withoutPassword.shortened(to: 200)
        var headers = ["user-agent": "hypsometer-polling", "accept": "*/*"]
        for header in question.headers { headers[header.name.lowercased()] = header.value }
        if var credential = question.credential {
            if credential.parameters.isEmpty, let id = credential.secretID {
                credential.parameters = try await parameters(id, question.deadline)
            }
            for (name, value) in try credential.headers(forGetting: question.target, at: .now) {
                headers[name.lowercased()] = value
            }
        }
        let request = WebRequest("GET", question.target, headers: headers.map { (name: $0.key, value: $0.value) })
        let left = max(0.001, question.deadline.seconds(since: .now))
        let answer: WebAnswer
        do { answer = try await client.answer(to: request, within: .seconds(left)) } catch let failure as WebFailure {
            throw AnswerError("GET \(shown): \(failure)")
        }
        if question.isOptional, answer.status == 404 { return [] }
        guard answer.status == 200 else {
            let words = String(decoding: answer.body.prefix(200), as: UTF8.self)
            throw AnswerError("GET \(shown): answered \(answer.status) \(words.quoted)", status: answer.status)
        }
        return answer.body
    }

    private func parameters(_ id: String, _ deadline: MonotonicTime) async throws -> [String] {
        guard let secret else {
            throw AnswerError("barbican_secret_id needs a cloud; see [service_credentials]")
        }
        return WebCredential.split(try await secret(id, deadline))
    }
}
