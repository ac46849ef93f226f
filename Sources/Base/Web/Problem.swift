// SPDX-License-Identifier: Apache-2.0
package import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import Wire

/// What a client is told when its request can't be served: a JSON object of the media type `application/problem+json`
/// (RFC 9457) with `type`, `title`, `status` and `detail`.
package struct Problem: Error, Sendable, HTTPResponseError {
    package var status: HTTPResponse.Status
    /// What was found, what is allowed, what to try: one sentence or two, with no secret in it.
    package var detail: String
    /// After how many seconds it may be tried again; nil where that is no use.
    package var retryAfter: Int?
    package var headers: HTTPFields = [:]
    /// Further members, each a key and JSON text.
    package var members: [(key: String, json: [UInt8])] = []

    package init(_ status: HTTPResponse.Status, _ detail: String, retryAfter: Int? = nil) {
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        var json: [UInt8] = []
        json.append("{\"type\":\"about:blank\",\"title\":")
        json.appendJSON(status.reasonPhrase)
        json.append(",\"status\":")
        json.append(contentsOf: String(status.code).utf8)
        json.append(",\"detail\":")
        json.appendJSON(detail)
        for member in members {
            json.append(",")
            json.appendJSON(member.key)
            json.append(":")
            json.append(contentsOf: member.json)
        }
        json.append("}\n")
        var response = Response(status, json: json)
        response.headers.append(contentsOf: headers)
        response.headers[.contentType] = "application/problem+json"
        if let retryAfter { response.headers[.retryAfter] = String(retryAfter) }
        return response
    }
}

extension Response {
    /// A JSON text as it is.
    package init(_ status: HTTPResponse.Status = .ok, json: [UInt8]) {
        self.init(text: json, type: "application/json", status: status)
    }

    package init(text: [UInt8], type: String, status: HTTPResponse.Status = .ok) {
        self.init(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: text)))
    }
}
