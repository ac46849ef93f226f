// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Foundation
internal import Pipelines
internal import Settings

/// Where batches are posted to, and how one shows who asks: what the URL of an HTTP publisher says.
struct HTTPTarget: Sendable {
    /// Where a URL names none: our collector's.
    private static let standardPath = "/v1/samples"

    /// Without user and password.
    let url: String
    /// A file with a token, which is read again where the other side does not know the token.
    let tokenFile: String?
    /// Of a user and a password in the URL.
    let authorization: String?

    init(_ url: PublisherURL) throws(Mistake) {
        let authority = url.location.prefix { $0 != "/" }
        let path = url.location.dropFirst(authority.count)
        let at = authority.lastIndex(of: "@")
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        let text = "\(url.scheme)://\(host)\(path.isEmpty || path == "/" ? Self.standardPath : String(path))"
        let parsed = URL(string: text)
        guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "#") }), parsed?.host?.isEmpty == false,
            parsed?.port.map({ (1...65_535).contains($0) }) ?? !host.hasSuffix(":")
        else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no URL that can be posted to",
                allowed: "\(url.scheme)://host[:port][/path], other characters as %20")
        }
        self.url = text
        tokenFile = url.options["token_file"]
        authorization = try at.map { at throws(Mistake) in
            try Self.basic(authority[..<at], besideToken: url.options["token_file"] != nil, url)
        }
        if let tokenFile { _ = try SecretFile.token(tokenFile, url) }
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
        return HTTPClient.Authorization.basic(username: name, password: password).headerValue
    }
}

extension SecretFile {
    static func token(_ path: String, _ url: PublisherURL) throws(Mistake) -> String {
        try firstLine(path, url.place, "publisher \(url.shown), option token_file")
    }
}
