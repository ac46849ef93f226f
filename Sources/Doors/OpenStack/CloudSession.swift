// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// A login at one cloud, shared by all who ask its services.
///
/// It logs in when it is first asked, again before the token ends or where a service no longer takes it (once, however
/// many wait for it), finds services in the catalog, keeps connections, bounds the requests under way for each service,
/// and tries again what is worth it: answers 429 and 5xx and broken connections, of requests that may be repeated.
package actor CloudSession {
    static let commonHeaders = ["Accept": "application/json", "User-Agent": "hypsometer"]
    /// Of one request, where the service is there and busy or broken.
    private static let mostTries = 4
    /// Connections that turn out to be closed are replaced at once, this often.
    private static let mostConnections = 3
    private static let longestPause = Duration.seconds(60)

    package nonisolated let credentials: CloudCredentials
    private let transport: Transport
    private let loginSlot = Slots(1)
    private var slots: [String: Slots] = [:]
    private var login: CloudLogin?
    private var loginFailure: (error: CloudError, until: MonotonicTime)?

    package init(_ credentials: CloudCredentials) {
        self.credentials = credentials
        transport = Transport(trust: credentials.trust)
    }

    /// The answer, which is a success (200 to 299).
    ///
    /// - Throws: ``CloudError`` for anything else, or that the task was cancelled.
    package func answer(to request: ServiceRequest) async throws -> CloudAnswer {
        guard let deadline = request.deadline else { return try await tried(request) }
        let late = CloudError(.timedOut, "could not \(request.shown) in the time there was")
        return try await TimeLimit.run(.until(deadline), orThrow: late) { try await self.tried(request) }
    }

    /// The addresses of a service, by the credentials' interface and region, without a slash at the end.
    ///
    /// - Returns: none where the catalog has no such service.
    package func endpoint(of service: String) async throws -> String? {
        if let fixed = fixedEndpoint(of: service) { return fixed }
        let catalog = try await currentLogin(besides: nil).catalog
        do {
            return try catalog.endpoint(of: service, interfaces: credentials.interfaces, region: credentials.region)
        } catch {
            return nil
        }
    }

    /// What services the catalog has, by type.
    package func services() async throws -> Set<String> {
        try await currentLogin(besides: nil).catalog.types.union(credentials.endpoints.keys)
    }

    /// Who is logged in.
    package func identity() async throws -> (userID: String?, projectID: String?) {
        let login = try await currentLogin(besides: nil)
        return (login.userID, login.projectID)
    }

    private func tried(_ request: ServiceRequest) async throws -> CloudAnswer {
        var tries = 0
        var connections = 0
        var refused: CloudSecret?
        while true {
            let login = try await currentLogin(besides: refused)
            let url = try url(of: request, login)
            let message = message(request, url, login.token)
            let late = CloudError(
                .timedOut, "could not \(request.shown): no whole answer of \(url.shownURL) within \(timeout(request))")
            do {
                let answer = try await slots(of: request.service).withSlot { [transport] in
                    try await TimeLimit.run(timeout(request), orThrow: late) { try await transport.answer(to: message) }
                }
                if (200..<300).contains(answer.status) { return answer }
                if answer.status == 401, refused == nil {
                    refused = login.token
                    continue
                }
                tries += 1
                let isTransient = [429, 500, 502, 503, 504].contains(answer.status)
                let isBounded = answer.status == 413 && answer.retryAfter != nil
                guard isTransient || isBounded, request.isRepeatable, tries < Self.mostTries,
                    let pause = pause(after: tries, answer.retryAfter, until: request.deadline)
                else { throw CloudError(answer, to: request, tries: tries) }
                try await Task.sleep(for: pause, clock: .suspending)
            } catch let failure as Transport.Failure {
                let error = CloudError(
                    .unreachable, "could not \(request.shown) at \(url.shownURL): \(failure.reason)")
                guard request.isRepeatable else { throw error }
                if failure.isOfConnection, connections < Self.mostConnections {
                    connections += 1
                    continue
                }
                tries += 1
                guard tries < Self.mostTries, let pause = pause(after: tries, nil, until: request.deadline) else {
                    throw error
                }
                try await Task.sleep(for: pause, clock: .suspending)
            }
        }
    }

    private nonisolated func timeout(_ request: ServiceRequest) -> Duration { request.timeout ?? credentials.timeout }

    /// nil where the wait would be in vain.
    private func pause(after tries: Int, _ asked: Int?, until deadline: MonotonicTime?) -> Duration? {
        let usual = Duration.milliseconds(Int.random(in: 250...500) << (tries - 1))
        let pause = asked.map { max(.seconds($0), usual) } ?? usual
        if pause > Self.longestPause { return nil }
        if let deadline, pause >= .until(deadline) { return nil }
        return pause
    }

    private func slots(of service: String) -> Slots {
        if let known = slots[service] { return known }
        let new = Slots(credentials.concurrency)
        slots[service] = new
        return new
    }
}

// MARK: - What is sent

extension CloudSession {
    private func fixedEndpoint(of service: String) -> String? {
        ServiceTypes.names(of: service).lazy.compactMap { [credentials] in credentials.endpoints[$0] }.first.map {
            $0.hasSuffix("/") ? String($0.dropLast()) : $0
        }
    }

    private func url(of request: ServiceRequest, _ login: CloudLogin) throws -> String {
        let query = request.query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        var url: String
        if let origin = request.path.origin {
            let known = credentials.endpoints.values.contains { $0.origin == origin } || login.catalog.trusts(origin)
            guard known else {
                throw CloudError(
                    .noSuchService,
                    "could not \(request.shown): it is on no host of the cloud's catalog, so our token is not sent there"
                )
            }
            url = request.path
        } else {
            let base =
                try fixedEndpoint(of: request.service)
                ?? login.catalog.endpoint(
                    of: request.service, interfaces: request.interface.map { [$0] } ?? credentials.interfaces,
                    region: credentials.region)
            url = base.appending(path: request.path)
        }
        if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + query }
        return url
    }

    private func message(_ request: ServiceRequest, _ url: String, _ token: CloudSecret) -> Transport.Message {
        var headers = Self.commonHeaders
        headers["X-Auth-Token"] = token.value
        if let version = request.microversion {
            headers.merge(ServiceTypes.versionHeaders(of: request.service, version)) { $1 }
        }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        headers.merge(request.headers) { $1 }
        return Transport.Message(
            method: request.method.rawValue, url: url, headers: headers, body: request.body,
            needsNewConnection: !request.isRepeatable)
    }
}

// MARK: - Keystone

extension CloudSession {
    /// For how long nobody asks Keystone again after it failed: many may wait for a login, and a user who fails often
    /// is locked out.
    private static let pauseAfterRefusal = Duration.seconds(60)
    private static let pauseAfterFailure = Duration.seconds(5)

    /// - Parameter refused: a token that a service did not take.
    private func currentLogin(besides refused: CloudSecret?) async throws -> CloudLogin {
        if let login = validLogin(besides: refused) { return login }
        return try await loginSlot.withSlot {
            // Whoever was here before may have brought one, or learnt that there is none.
            if let login = validLogin(besides: refused) { return login }
            if let failure = loginFailure, MonotonicTime.now < failure.until { throw failure.error }
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
                let answer = try await TimeLimit.run(min(credentials.timeout, .seconds(30)), orThrow: late) {
                    [transport] in try await transport.answer(to: message)
                }
                if (200..<300).contains(answer.status) { return try CloudLogin(answer, to: credentials, since: begin) }
                tries += 1
                let pause = pause(after: tries, answer.retryAfter, until: nil)
                guard [429, 500, 502, 503, 504].contains(answer.status), tries < 3, let pause else {
                    throw loginError(answer)
                }
                try await Task.sleep(for: pause, clock: .suspending)
            } catch let failure as Transport.Failure {
                tries += 1
                guard tries < 3, failure.isOfConnection else {
                    throw CloudError(
                        .unreachable, "could not log in at \(url): \(failure.reason); check auth_url and Keystone")
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

extension Duration {
    fileprivate static func until(_ deadline: MonotonicTime) -> Duration {
        .seconds(deadline.seconds(since: .now))
    }
}

extension String {
    /// Without the query.
    fileprivate var shownURL: Substring { prefix { $0 != "?" } }
}
