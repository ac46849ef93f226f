// SPDX-License-Identifier: Apache-2.0
package import Telemetry
internal import WebClient

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
    let transport: Transport
    private var slots: [String: Slots] = [:]
    var login: CloudLogin?
    /// The one under way.
    var loginAttempt: Task<CloudLogin, any Error>?
    var loginFailure: (error: CloudError, until: MonotonicTime)?

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
        return try await withTimeLimit(.until(deadline), orThrow: late) { try await self.tried(request) }
    }

    /// The addresses of a service, by the credentials' interface and region, without a slash at the end.
    ///
    /// - Parameter deadline: until when to wait for a login; nil for as long as one takes.
    /// - Returns: none where the catalog has no such service.
    package func endpoint(of service: String, by deadline: MonotonicTime? = nil) async throws -> String? {
        if let fixed = fixedEndpoint(of: service) { return fixed }
        let catalog = try await currentLogin(by: deadline).catalog
        do {
            return try catalog.endpoint(of: service, interfaces: credentials.interfaces, region: credentials.region)
        } catch {
            return nil
        }
    }

    /// The same for a service of that name in the catalog.
    ///
    /// - Parameter type: it has to have; nil for any.
    package func endpoint(
        named name: String, of type: String?, by deadline: MonotonicTime? = nil
    ) async throws -> String? {
        try await currentLogin(by: deadline).catalog.endpoint(
            named: name, of: type, interfaces: credentials.interfaces, region: credentials.region)
    }

    /// A token, for who speaks with a service over a connection of its own.
    ///
    /// - Parameter refused: one that the service does not take.
    package func token(besides refused: CloudSecret? = nil) async throws -> CloudSecret {
        try await currentLogin(besides: refused).token
    }

    /// What services the catalog has, by type.
    package func services(by deadline: MonotonicTime? = nil) async throws -> Set<String> {
        try await currentLogin(by: deadline).catalog.types.union(credentials.endpoints.keys)
    }

    /// Who is logged in.
    package func identity() async throws -> (userID: String?, projectID: String?) {
        let login = try await currentLogin()
        return (login.userID, login.projectID)
    }

    private func tried(_ request: ServiceRequest) async throws -> CloudAnswer {
        var tries = 0
        var connections = 0
        var refused: CloudSecret?
        var refusals = 0
        while true {
            let login = try await currentLogin(besides: refused)
            let url = try url(of: request, login)
            let message = message(request, url, login.token)
            let late = CloudError(
                .timedOut, "could not \(request.shown): no whole answer of \(url.shownURL) within \(timeout(request))")
            do {
                let answer = try await slots(of: request.service).withSlot { [transport] in
                    try await withTimeLimit(timeout(request), orThrow: late) { try await transport.answer(to: message) }
                }
                if (200..<300).contains(answer.status) { return answer }
                if answer.status == 401, refusals < 2 {
                    // Keystone ends tokens to the second: one that it gives in the same second has ended, too.
                    if refusals == 1 { try await Task.sleep(for: .seconds(1), clock: .suspending) }
                    refusals += 1
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
            } catch let failure as WebFailure {
                let error = CloudError(
                    .unreachable, "could not \(request.shown) at \(url.shownURL): \(failure.words)")
                guard request.isRepeatable else { throw error }
                if failure.kind == .connectionLost, connections < Self.mostConnections {
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
    func pause(after tries: Int, _ asked: Int?, until deadline: MonotonicTime?) -> Duration? {
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

extension Duration {
    static func until(_ deadline: MonotonicTime) -> Duration {
        .seconds(deadline.seconds(since: .now))
    }
}

extension String {
    /// Without the query.
    fileprivate var shownURL: Substring { prefix { $0 != "?" } }
}

extension WebFailure {
    /// With what an operator can look at.
    var words: String { kind == .tls ? "\(self); check cafile, or insecure for a try" : description }
}
