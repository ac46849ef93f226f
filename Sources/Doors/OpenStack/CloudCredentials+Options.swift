// SPDX-License-Identifier: Apache-2.0
internal import WebClient

/// An option that can't be as it is; never with its value where that may be a secret.
package struct CloudOptionError: Error, Sendable, Hashable {
    /// As keystoneauth calls it: `auth_url`.
    package var option: String
    package var found: String
    package var allowed: String
}

extension CloudCredentials {
    /// The names of the options that are read, all of them keystoneauth's.
    package static let options: Set<String> = [
        "auth_type", "auth_url", "username", "user_id", "password", "user_domain_id", "user_domain_name",
        "project_id", "project_name", "project_domain_id", "project_domain_name", "domain_id", "domain_name",
        "system_scope", "default_domain_id", "default_domain_name", "application_credential_id",
        "application_credential_name", "application_credential_secret", "token", "region_name", "interface",
        "cafile", "certfile", "keyfile", "insecure", "timeout",
    ]

    /// Reads options as keystoneauth names them; an empty value counts as none.
    package init(options given: [String: String]) throws(CloudOptionError) {
        let options = Options(given: given)
        guard let url = options["auth_url"] else {
            throw CloudOptionError(
                option: "auth_url", found: "nothing", allowed: "Keystone's address, such as https://cloud:5000/v3")
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.hasSuffix("/v2.0"),
            url.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
        else {
            throw CloudOptionError(
                option: "auth_url", found: "\"\(url)\"", allowed: "http:// or https:// and Keystone's host, version 3")
        }
        self.init(authURL: url, proof: try options.proof(), scope: options.scope)
        region = options["region_name"]
        if let text = options["interface"] {
            interfaces = text.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }.map {
                $0.hasSuffix("url") ? String($0.dropLast(3)) : $0
            }
        }
        guard !interfaces.isEmpty, Set(interfaces).isSubset(of: ["public", "internal", "admin"]) else {
            throw CloudOptionError(
                option: "interface", found: "\"\(options["interface"] ?? "")\"",
                allowed: "public, internal, admin, or several with commas between them")
        }
        trust.verifies = !(try options.flag("insecure"))
        trust.authorities = options["cafile"]
        trust.certificate = options["certfile"]
        trust.key = options["keyfile"]
        try trust.check()
        if let text = options["timeout"] {
            guard let seconds = Double(text), (1...3600).contains(seconds) else {
                throw CloudOptionError(option: "timeout", found: "\"\(text)\"", allowed: "seconds, 1 to 3600")
            }
            timeout = .seconds(seconds)
        }
    }
}

private struct Options {
    let given: [String: String]

    subscript(name: String) -> String? { given[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func needed(_ name: String, _ allowed: String) throws(CloudOptionError) -> String {
        guard let value = self[name] else {
            throw CloudOptionError(option: name, found: "nothing", allowed: allowed)
        }
        return value
    }

    func flag(_ name: String) throws(CloudOptionError) -> Bool {
        switch self[name]?.lowercased() {
        case nil, "false"?, "no"?, "off"?, "0"?: return false
        case "true"?, "yes"?, "on"?, "1"?: return true
        case let text?: throw CloudOptionError(option: name, found: "\"\(text)\"", allowed: "true or false")
        }
    }

    func proof() throws(CloudOptionError) -> CloudCredentials.Proof {
        switch self["auth_type"] ?? kind {
        case "password", "v3password":
            guard user.id != nil || user.name != nil else {
                throw CloudOptionError(option: "username", found: "nothing", allowed: "a user's name, or user_id")
            }
            guard user.isComplete else { throw domainless("username", "user_domain_name") }
            guard scopeName.isComplete || scopeName.name == nil else {
                throw domainless("project_name", "project_domain_name")
            }
            return .password(user: user, CloudSecret(try needed("password", "the user's password")))
        case "v3applicationcredential", "application_credential":
            let secret = CloudSecret(
                try needed("application_credential_secret", "what Keystone told when the credential was made"))
            if let id = self["application_credential_id"] {
                return .applicationCredential(.init(id: id), of: nil, secret)
            }
            let name = try needed("application_credential_name", "a name, or application_credential_id")
            guard user.isComplete else { throw domainless("username", "user_domain_name") }
            return .applicationCredential(.init(name: name), of: user, secret)
        case "token", "v3token":
            return .token(CloudSecret(try needed("token", "a token that Keystone gave")))
        case let other:
            throw CloudOptionError(
                option: "auth_type", found: "\"\(other)\"", allowed: "password, v3applicationcredential or token")
        }
    }

    /// Where it isn't told, what the other options are for.
    private var kind: String {
        if self["application_credential_id"] ?? self["application_credential_name"] != nil {
            return "v3applicationcredential"
        }
        return self["token"] != nil && self["password"] == nil ? "token" : "password"
    }

    private func domainless(_ name: String, _ domain: String) -> CloudOptionError {
        let id = domain.dropLast(4) + "id"
        return CloudOptionError(
            option: domain, found: self[name] == nil ? "nothing" : "nothing beside \(name)",
            allowed: "the domain that the name is known in, often Default; or \(id), often default")
    }

    private var user: CloudCredentials.Name {
        name(id: "user_id", name: "username", domain: "user_domain")
    }

    private var scopeName: CloudCredentials.Name {
        name(id: "project_id", name: "project_name", domain: "project_domain")
    }

    private func name(id: String, name: String, domain: String) -> CloudCredentials.Name {
        let hasOwn = self["\(domain)_id"] ?? self["\(domain)_name"] != nil
        let prefix = hasOwn ? domain : "default_domain"
        return .init(
            id: self[id], name: self[name], domainID: self["\(prefix)_id"], domainName: self["\(prefix)_name"])
    }

    var scope: CloudCredentials.Scope {
        if scopeName.id ?? scopeName.name != nil { return .project(scopeName) }
        if self["domain_id"] ?? self["domain_name"] != nil {
            return .domain(.init(id: self["domain_id"], name: self["domain_name"]))
        }
        return self["system_scope"] == nil ? .own : .system
    }
}

extension CloudCredentials.Name {
    /// Whether Keystone knows from it alone who is meant.
    fileprivate var isComplete: Bool { id != nil || name != nil && (domainID ?? domainName) != nil }
}
