// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Pipelines
internal import Settings
internal import WebClient

/// Where batches are posted to, and how one shows who asks: what the URL of an HTTP publisher says.
struct HTTPTarget: Sendable {
    /// Scheme, host and port, without user and password.
    let base: String
    /// Begins with a slash.
    let path: String
    /// Of the URL's user and password, or of its `token_file`.
    let credentials: (any HTTPCredentials)?

    init(base: String, path: String) {
        self.base = base
        self.path = path
        credentials = nil
    }

    /// - Parameter standardPath: where the URL names none.
    init(_ url: PublisherURL, scheme: String, standardPath: String) throws(Mistake) {
        let authority = url.location.prefix { $0 != "/" }
        let path = url.location.dropFirst(authority.count)
        let at = authority.lastIndex(of: "@")
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        base = "\(scheme)://\(host)"
        self.path = path.isEmpty || path == "/" ? standardPath : String(path)
        let text = base + self.path
        let parsed = URL(string: text)
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") }), parsed?.host?.isEmpty == false,
            parsed?.port.map({ (1...65_535).contains($0) }) ?? !host.hasSuffix(":")
        else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no URL that can be posted to",
                allowed: "\(url.scheme)://host[:port][/path], other characters as %20")
        }
        if let at {
            let value = try Self.basic(authority[..<at], besideToken: url.options["token_file"] != nil, url)
            credentials = BasicCredentials(value: value)
        } else if let file = url.options["token_file"] {
            _ = try SecretFile.token(file, url)
            credentials = TokenFileCredentials(path: file, url: url)
        } else {
            credentials = nil
        }
    }

    private static func basic(
        _ user: Substring, besideToken: Bool, _ url: PublisherURL
    ) throws(Mistake) -> String {
        guard !besideToken else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "a user and token_file", allowed: "one of the two")
        }
        let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0).removingPercentEncoding }
        guard let name = parts.first ?? nil, !name.isEmpty, let password = parts.count > 1 ? parts[1] : "" else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no user that can be read",
                allowed: "user:password@host, other characters as %40")
        }
        return WebRequest.basicAuthorization(user: name, password: password)
    }
}

extension SecretFile {
    static func token(_ path: String, _ url: PublisherURL) throws(Mistake) -> String {
        try firstLine(path, url.place, "publisher \(url.shown), option token_file")
    }
}
