// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// How a request to an API outside of the cloud says who asks: the usual ones of Python's classes, by the names that
/// Ceilometer's files give them.
struct WebCredential: Sendable, Hashable {
    enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// User and password.
        case basic = "requests.auth HTTPBasicAuth"
        /// Version 2 of S3's signature: access key, secret key, the gateway's host.
        case signatureV2 = "awsauth S3Auth"
        /// Version 4 of it: access key, secret key, region, service.
        case signatureV4 = "requests_aws4auth AWS4Auth"
        /// A token after `Bearer`.
        case bearer = "hypsometer BearerToken"
        /// A header's name and its value.
        case header = "hypsometer HeaderToken"
        /// Nothing is said.
        case none = "hypsometer NoAuthentication"

        var parameters: (range: ClosedRange<Int>, words: String) {
            switch self {
            case .basic: (2...2, "user, password")
            case .signatureV2: (2...3, "access key, secret key, host")
            case .signatureV4: (4...4, "access key, secret key, region, service")
            case .bearer: (1...1, "token")
            case .header: (2...2, "name of the header, its value")
            case .none: (0...0, "nothing")
            }
        }
    }

    var scheme: Scheme
    /// As many as the scheme takes; empty where Barbican holds them.
    var parameters: [String]
    /// Of a secret in Barbican with the parameters, with commas between.
    var secretID: String?

    /// Keys that a definition with a `module` may have.
    static let keys = [
        "authentication_object", "authentication_parameters", "authentication_parameters_file", "barbican_secret_id",
        "module",
    ]

    init(scheme: Scheme, parameters: [String]) {
        self.scheme = scheme
        self.parameters = parameters
    }

    /// Values are never in a mistake: they are secrets.
    init(_ fields: [String: YAMLValue], of item: YAMLValue) throws(Mistake) {
        guard let module = fields["module"] else {
            throw Mistake(item.place, item.path, found: "no module", allowed: "module and authentication_object")
        }
        guard let object = fields["authentication_object"] else {
            throw Mistake(
                module.place, item.path, found: "a module without authentication_object",
                allowed: "the class, such as HTTPBasicAuth; one of \(Self.allowed)")
        }
        let name = "\(try module.string()) \(try object.string())"
        guard let scheme = Scheme(rawValue: name) else {
            throw Mistake(
                module.place, module.path, found: "module and authentication_object \(name.quoted)",
                allowed: "\(Self.allowed); for others use host_command with a program that logs in, or a plug-in, as "
                    + "Python can't be loaded")
        }
        self.scheme = scheme
        secretID = try fields["barbican_secret_id"].flatMap { value throws(Mistake) in
            value.isNothing ? nil : try value.string()
        }
        parameters = try Self.parameters(fields)
        let (range, words) = scheme.parameters
        if !(parameters.isEmpty && secretID != nil), !range.contains(parameters.count) {
            let place = fields["authentication_parameters"] ?? fields["authentication_parameters_file"] ?? object
            throw Mistake(
                place.place, place.path, found: "a list of \(parameters.count) for \(name)",
                allowed: words)
        }
    }

    /// What a file or a secret holds, or what stands in the definition.
    static func split(_ text: String) -> [String] {
        text.trimmed.isEmpty
            ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
    }

    private static func parameters(_ fields: [String: YAMLValue]) throws(Mistake) -> [String] {
        if let text = fields["authentication_parameters"], !text.isNothing { return split(try text.string()) }
        guard let file = fields["authentication_parameters_file"] else { return [] }
        let path = try file.string()
        do throws(Mistake) {
            return split(try TextFile.read(path))
        } catch {
            throw Mistake(
                file.place, file.path, found: "\(path.quoted), which \(error.found)",
                allowed: "a file that this user may read, with what authentication_parameters would say")
        }
    }

    private static var allowed: String { Scheme.allCases.map(\.rawValue).joined(separator: ", ") }
}

extension WebCredential: CustomStringConvertible {
    /// Without what is secret.
    var description: String { scheme.rawValue }
}
