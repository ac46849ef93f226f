// SPDX-License-Identifier: Apache-2.0
package import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1
internal import NIOHTTPCompression

/// Unpacks gzip with a bound on what comes out, by swift-nio-extras' handler for request bodies, which is made for a
/// channel: it gets one that leads nowhere. On the real channel an error could only close the connection, and the
/// client would not learn why.
package enum Gzip {
    package enum Failure: Error, CustomStringConvertible {
        case tooLarge
        case damaged(String)

        package var description: String {
            switch self {
            case .tooLarge: "it is too large"
            case .damaged(let reason): reason
            }
        }
    }

    /// - Parameter limit: bytes; never many more are held.
    package static func unpacked(_ packed: ByteBuffer, limit: Int) throws(Failure) -> ByteBuffer {
        do {
            let channel = EmbeddedChannel()
            defer { _ = try? channel.finish(acceptAlreadyClosed: true) }  // nothing that it could say matters any more
            try channel.pipeline.syncOperations.addHandler(NIOHTTPRequestDecompressor(limit: .size(limit)))
            let head = HTTPRequestHead(
                version: .http1_1, method: .POST, uri: "/", headers: ["Content-Encoding": "gzip"])
            try channel.writeInbound(HTTPServerRequestPart.head(head))
            try channel.writeInbound(HTTPServerRequestPart.body(packed))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
            var body = ByteBuffer()
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                if case .body(var piece) = part {
                    if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
                }
            }
            return body
        } catch NIOHTTPDecompression.DecompressionError.limit {
            throw .tooLarge
        } catch let error as NIOHTTPDecompression.ExtraDecompressionError {
            throw .damaged("\(error)")
        } catch {
            throw .damaged("it is not gzip or was changed on its way")
        }
    }
}
