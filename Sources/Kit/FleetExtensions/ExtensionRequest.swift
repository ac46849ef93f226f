// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// A request at one of an extension's routes.
public struct ExtensionRequest: Sendable, Hashable {
    public var method: String
    /// As it was asked for, without the query.
    public var path: String
    /// What the path's captures hold, by name.
    public var parameters: [String: String]
    public var query: [String: String]
    /// `content-type`, `accept`, `if-match` and `if-none-match`, where they were sent.
    public var headers: [String: String]
    /// UTF-8; other bodies don't come this far.
    public var body: String
    /// The node whose token was shown; nil for others.
    public var node: Int?

    public init(
        method: String, path: String, parameters: [String: String] = [:], query: [String: String] = [:],
        headers: [String: String] = [:], body: String = "", node: Int? = nil
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.headers = headers
        self.body = body
        self.node = node
    }

    /// - Throws: what is wrong with the body; the client is told so with status 400.
    public func json() throws -> JSONValue { try JSONValue(parsing: body) }
}

/// What an extension answers.
public struct ExtensionResponse: Sendable, Hashable {
    /// 200 to 599.
    public var status: Int
    /// Such as `content-type`, `etag`, `location`.
    public var headers: [String: String]
    public var body: String

    public init(status: Int = 200, headers: [String: String] = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public static func json(_ value: JSONValue, status: Int = 200) -> ExtensionResponse {
        ExtensionResponse(status: status, headers: ["content-type": "application/json"], body: value.json + "\n")
    }

    /// Told as every error of the service is, with `status` from 400.
    public static func problem(_ status: Int, _ detail: String) -> ExtensionResponse {
        let value: JSONValue = ["type": "about:blank", "status": .integer(status), "detail": .string(detail)]
        return ExtensionResponse(
            status: status, headers: ["content-type": "application/problem+json"], body: value.json + "\n")
    }
}
