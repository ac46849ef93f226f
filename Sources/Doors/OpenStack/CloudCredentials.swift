// SPDX-License-Identifier: Apache-2.0
package import WebClient

/// Who asks a cloud, and how: all that a ``CloudSession`` needs to know.
package struct CloudCredentials: Sendable, Hashable {
    /// What shows Keystone who one is.
    package enum Proof: Sendable, Hashable {
        case password(user: Name, CloudSecret)
        /// By its id alone, or by its name and the user it is of.
        case applicationCredential(Name, of: Name?, CloudSecret)
        /// One that somebody else was given; when it ends, so does the session.
        case token(CloudSecret)
    }

    /// What a token is good for.
    package enum Scope: Sendable, Hashable {
        /// What the proof itself says: an application credential's project, the token's own.
        case own
        case project(Name)
        case domain(Name)
        case system
    }

    /// Of a user or project: an id, or a name and the domain that the name is known in.
    package struct Name: Sendable, Hashable {
        package var id: String?
        package var name: String?
        package var domainID: String?
        package var domainName: String?

        package init(id: String? = nil, name: String? = nil, domainID: String? = nil, domainName: String? = nil) {
            self.id = id
            self.name = name
            self.domainID = domainID
            self.domainName = domainName
        }
    }

    /// Keystone's: `https://cloud.example.org:5000` or the same with `/v3`.
    package var authURL: String
    package var proof: Proof
    package var scope: Scope
    /// Whose endpoints are taken; nil takes the catalog's first.
    package var region: String?
    /// Which of a service's endpoints are taken, the first that there is: `public`, `internal`, `admin`.
    package var interfaces = ["public"]
    /// By a service's type, in place of what the catalog says.
    package var endpoints: [String: String] = [:]
    package var trust = WebTrust()
    /// For one request and its whole answer.
    package var timeout = Duration.seconds(60)
    /// Requests under way at a time, for each service.
    package var concurrency = 16

    package init(authURL: String, proof: Proof, scope: Scope = .own) {
        self.authURL = authURL
        self.proof = proof
        self.scope = scope
    }
}
