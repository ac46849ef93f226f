// SPDX-License-Identifier: Apache-2.0
internal import NIOCore

/// Cuts a TCP stream into messages, each with its length before it in eight bytes, the lowest first; all that came at
/// one time go on together, so that they are stored in one transaction.
struct MessageFraming: ByteToMessageDecoder {
    typealias InboundOut = [[UInt8]]

    enum Failure: Error, Hashable, CustomStringConvertible {
        case tooLarge(UInt64)
        case cutOff(Int)

        var description: String {
            switch self {
            case .tooLarge(let length):
                "a message of \(length) bytes; allowed: at most \(MessageFraming.largest). The connection was closed, as "
                    + "nothing tells where the next message begins"
            case .cutOff(let count): "the connection ended within a message, \(count) bytes after its beginning"
            }
        }

        var reason: Refusal.Reason {
            switch self {
            case .tooLarge: .tooLarge
            case .cutOff: .malformed
            }
        }
    }

    /// Bytes of one message.
    static let largest = 1 << 18

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        var messages: [[UInt8]] = []
        while let length = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: UInt64.self) {
            guard length <= Self.largest else {
                // What came whole before it is good.
                if !messages.isEmpty { context.fireChannelRead(wrapInboundOut(messages)) }
                throw Failure.tooLarge(length)
            }
            guard let message = buffer.getBytes(at: buffer.readerIndex + 8, length: Int(length)) else { break }
            buffer.moveReaderIndex(forwardBy: 8 + Int(length))
            messages.append(message)
        }
        if messages.isEmpty { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(messages))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        if buffer.readableBytes > 0 {
            let count = buffer.readableBytes
            buffer.moveReaderIndex(forwardBy: count)
            throw Failure.cutOff(count)
        }
        return .needMoreData
    }
}
