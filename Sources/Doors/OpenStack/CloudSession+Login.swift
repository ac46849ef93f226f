// SPDX-License-Identifier: Apache-2.0
internal import Telemetry
internal import WebClient

/// The token that everybody shares.
extension CloudSession {
    /// For how long nobody asks Keystone again after it failed: many may wait for a login, and a user who fails often
    /// is locked out.
    private static let pauseAfterRefusal = Duration.seconds(60)
    private static let pauseAfterFailure = Duration.seconds(5)

    /// Whoever is cancelled, or waits no longer, leaves the login under way to the others, and to those who come next: a
    /// Keystone that takes longer than a cycle is logged in at all the same.
    ///
    /// - Parameters:
    ///   - refused: a token that a service did not take.
    ///   - deadline: until when to wait; nil for as long as it takes.
    func currentLogin(besides refused: CloudSecret? = nil, by deadline: MonotonicTime? = nil) async throws -> CloudLogin
    {
        if let login = validLogin(besides: refused) { return login }
        if let failure = loginFailure, MonotonicTime.now < failure.until { throw failure.error }
        let attempt = loginAttempt ?? Task { try await logIn() }
        loginAttempt = attempt
        guard let deadline else { return try await Self.outcome(of: attempt) }
        let late = CloudError(
            .timedOut, "could not log in at \(CloudLogin.request(credentials).url) in the time there was")
        return try await withTimeLimit(.until(deadline), orThrow: late) { try await Self.outcome(of: attempt) }
    }

    /// Whoever waits for it may be cancelled, and it goes on.
    private static func outcome(of attempt: Task<CloudLogin, any Error>) async throws -> CloudLogin {
        let outcomes = AsyncThrowingStream<CloudLogin, any Error> { continuation in
            Task<Void, Never> {
                continuation.yield(with: await attempt.result)
                continuation.finish()
            }
        }
        for try await login in outcomes { return login }
        throw CancellationError()
    }

    private func logIn() async throws -> CloudLogin {
        defer { loginAttempt = nil }
        login = nil
        do {
            let new = try await loggedIn()
            login = new
            loginFailure = nil
            return new
        } catch let error as CloudError {
            let pause = error.kind == .loginRefused ? Self.pauseAfterRefusal : Self.pauseAfterFailure
            loginFailure = (error, .now + pause)
            throw error
        }
    }

    private func validLogin(besides refused: CloudSecret?) -> CloudLogin? {
        guard let login, login.token != refused, MonotonicTime.now < login.renewal else { return nil }
        return login
    }

    private func loggedIn() async throws -> CloudLogin {
        let message = CloudLogin.request(credentials)
        let url = message.url
        var tries = 0
        while true {
            let begin = MonotonicTime.now
            let late = CloudError(
                .timedOut, "could not log in: no answer of \(url) within \(min(credentials.timeout, .seconds(30)))")
            do {
                let answer = try await withTimeLimit(min(credentials.timeout, .seconds(30)), orThrow: late) {
                    [transport] in try await transport.answer(to: message)
                }
                if (200..<300).contains(answer.status) { return try CloudLogin(answer, to: credentials, since: begin) }
                tries += 1
                let pause = pause(after: tries, answer.retryAfter, until: nil)
                guard [429, 500, 502, 503, 504].contains(answer.status), tries < 3, let pause else {
                    throw loginError(answer)
                }
                try await Task.sleep(for: pause, clock: .suspending)
            } catch let failure as WebFailure {
                tries += 1
                guard tries < 3, failure.kind == .connectionLost else {
                    throw CloudError(
                        .unreachable, "could not log in at \(url): \(failure.words); check auth_url and Keystone")
                }
            }
        }
    }

    private func loginError(_ answer: CloudAnswer) -> CloudError {
        let words = CloudError.words(in: answer)
        let advice =
            switch (answer.status, credentials.proof) {
            case (401, .password(let user, _)):
                "; check user \(user.name ?? user.id ?? "") and its domain, the project and its domain, and the password"
            case (401, .applicationCredential):
                "; check the application credential's id and secret, and that it is valid"
            case (401, .token), (404, .token): "; the token has ended or was withdrawn: give a new one, or a password"
            case (404, _): "; check auth_url"
            default: ""
            }
        let kind: CloudError.Kind =
            [401, 403].contains(answer.status) || answer.status == 404 && credentials.isOwnToken
            ? .loginRefused : .status(answer.status)
        return CloudError(
            kind,
            "could not log in at \(answer.url): HTTP \(answer.status)\(words.isEmpty ? "" : ": \(words)")\(advice)")
    }
}
