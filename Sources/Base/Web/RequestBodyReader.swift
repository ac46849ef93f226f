// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
package import Hummingbird
package import NIOCore

/// Reads request bodies whole, with a bound on their size as they come and as they are once unpacked.
package struct RequestBodyReader: Sendable {
    /// Bytes, of the body unpacked.
    package let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// - Throws: ``Problem`` 413 where it is too large, 415 where it is packed in a way that isn't known, 400 where it
    ///   can't be unpacked.
    package func read(_ request: Request) async throws -> ByteBuffer {
        let tooLarge = Problem(
            .contentTooLarge, "The body is larger than \(limit) bytes; send less at a time.")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        let body: ByteBuffer
        do { body = try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError { throw tooLarge }
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": return body
        case "gzip", "x-gzip":
            do {
                return try Gzip.unpacked(body, limit: limit)
            } catch Gzip.Failure.tooLarge {
                throw tooLarge
            } catch {
                throw Problem(.badRequest, "The body says it is gzip and can't be unpacked: \(error).")
            }
        case let encoding?:
            throw Problem(
                .unsupportedMediaType,
                "The content encoding \"\(encoding.prefix(40))\" isn't known; allowed: gzip, identity.")
        }
    }
}
