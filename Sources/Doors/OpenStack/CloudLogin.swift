// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import Telemetry

/// What Keystone gives for credentials: a token, and what it is good for.
struct CloudLogin: Sendable {
    var token: CloudSecret
    var catalog: ServiceCatalog
    var userID: String?
    var projectID: String?
    /// From when on a new one is fetched, some time before Keystone would refuse it; by our own clock, which may
    /// differ from Keystone's.
    var renewal: MonotonicTime

    /// Reads Keystone's answer to ``request(_:)``.
    init(_ answer: CloudAnswer, to credentials: CloudCredentials, since begin: MonotonicTime) throws {
        let url = answer.url
        do {
            guard let token = try answer.json()["token"] else {
                throw WireError("answer", found: "no token", allowed: "an object with one")
            }
            if let subject = answer.header("x-subject-token") {
                self.token = CloudSecret(subject)
            } else {
                throw WireError("X-Subject-Token", found: "nothing", allowed: "a token")
            }
            catalog = try ServiceCatalog(token["catalog"])
            userID = try token["user"]?.optionalText("id")
            projectID = try token["project"]?.optionalText("id")
            var lifetime = Duration.seconds(3600)
            let issued = credentials.isOwnToken ? Timestamp.now : try token.timestamp("issued_at") ?? .now
            if let end = try token.timestamp("expires_at") {
                lifetime = .microseconds(end.microseconds - issued.microseconds)
            }
            // Requests that have begun may still be under way for minutes, and services ask Keystone on their own.
            renewal = begin + max(lifetime - min(.seconds(300), lifetime / 5), .zero)
        } catch let error as WireError {
            throw CloudError(
                .unreadable, "\(url) does not answer as Keystone does: \(error); check auth_url")
        }
    }

    /// The request that asks for one.
    static func request(_ credentials: CloudCredentials) -> Transport.Message {
        let root = credentials.authURL.hasSuffix("/") ? String(credentials.authURL.dropLast()) : credentials.authURL
        let url = (root.hasSuffix("/v3") ? root : "\(root)/v3") + "/auth/tokens"
        var message = Transport.Message(
            method: "POST", url: url, headers: CloudSession.commonHeaders, needsNewConnection: false)
        if credentials.isOwnToken, case .token(let token) = credentials.proof {
            // Taken as it is: not every Keystone gives one token for another.
            message.method = "GET"
            message.headers["X-Auth-Token"] = token.value
            message.headers["X-Subject-Token"] = token.value
            return message
        }
        var identity: [WireValue.Entry] = []
        switch credentials.proof {
        case .password(let user, let password):
            identity = [
                .init("methods", .texts(["password"])),
                .init("password", .object(["user": named(user, ["password": .string(password.value)])])),
            ]
        case .applicationCredential(let name, let user, let secret):
            let proof = named(name, ["secret": .string(secret.value), "user": user.map { named($0) }])
            identity = [
                .init("methods", .texts(["application_credential"])), .init("application_credential", proof),
            ]
        case .token(let token):
            identity = [
                .init("methods", .texts(["token"])), .init("token", .object(["id": .string(token.value)])),
            ]
        }
        let auth = WireValue.object(["identity": .object(identity), "scope": scope(credentials.scope)])
        var body: [UInt8] = []
        body.appendJSON(.object(["auth": auth]))
        message.body = body
        message.headers["Content-Type"] = "application/json"
        return message
    }

    private static func scope(_ scope: CloudCredentials.Scope) -> WireValue? {
        switch scope {
        case .own: nil
        case .project(let name): .object(["project": named(name)])
        case .domain(let name): .object(["domain": named(name)])
        case .system: .object(["system": .object(["all": .bool(true)])])
        }
    }

    private static func named(
        _ name: CloudCredentials.Name, _ more: KeyValuePairs<String, WireValue?> = [:]
    ) -> WireValue {
        var entries: [WireValue.Entry] = []
        if let id = name.id {
            entries.append(.init("id", .string(id)))
        } else if let text = name.name {
            entries.append(.init("name", .string(text)))
            if let domain = name.domainID {
                entries.append(.init("domain", .object(["id": .string(domain)])))
            } else if let domain = name.domainName {
                entries.append(.init("domain", .object(["name": .string(domain)])))
            }
        }
        for case (let key, let value?) in more { entries.append(.init(key, value)) }
        return .object(entries)
    }
}

extension CloudCredentials {
    /// Whether it is a token that is used as it came.
    var isOwnToken: Bool {
        guard case .token = proof, case .own = scope else { return false }
        return true
    }
}
