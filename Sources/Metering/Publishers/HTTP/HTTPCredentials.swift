// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Pipelines
internal import Settings

/// A header field that shows who asks.
struct HTTPCredential: Sendable, Hashable {
    var name: String
    var value: String
}

/// Where such a field comes from.
protocol HTTPCredentials: Sendable {
    /// - Parameter isAfterRefusal: whether the other side no longer takes the one that was given last.
    func credential(isAfterRefusal: Bool) async throws -> HTTPCredential
}

/// A user and a password of a URL.
struct BasicCredentials: HTTPCredentials {
    let value: String

    func credential(isAfterRefusal: Bool) -> HTTPCredential { HTTPCredential(name: "Authorization", value: value) }
}

/// A token in a file, which is read again where the other side does not know the token.
struct TokenFileCredentials: HTTPCredentials {
    let path: String
    let url: PublisherURL

    func credential(isAfterRefusal: Bool) async throws -> HTTPCredential {
        let token = try await offPool { () throws(Mistake) in try SecretFile.token(path, url) }
        return HTTPCredential(name: "Authorization", value: "Bearer \(token)")
    }
}
