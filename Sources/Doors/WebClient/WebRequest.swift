// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient

/// What is asked of a server. Nothing of it is shown in a ``WebFailure`` but host and port.
package struct WebRequest: Sendable {
    /// `GET` and the like.
    package var method: String
    package var url: String
    /// Names in any case; one may come several times.
    package var headers: [(name: String, value: String)]
    /// Nothing is sent where it is nil.
    package var body: [UInt8]?

    package init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// `user` and `password` as a value of the header `Authorization`.
    package static func basicAuthorization(user: String, password: String) -> String {
        HTTPClient.Authorization.basic(username: user, password: password).headerValue
    }
}
