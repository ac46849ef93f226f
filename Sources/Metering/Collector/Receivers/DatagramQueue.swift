// SPDX-License-Identifier: Apache-2.0
internal import NIOCore
internal import Synchronization

/// Datagrams that wait to be stored, read from the socket as soon as they come: in the kernel's buffer, which is small,
/// they would be dropped without a trace.
final class DatagramQueue: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// Bytes of all datagrams together; further ones are refused and counted.
    private static let capacity = 64 << 20
    /// What one datagram costs beside its bytes.
    private static let overhead = 64
    private static let mostAtOnce = 5000

    private struct State {
        var waiting: [[UInt8]] = []
        var size = 0
        var lastSender = ""
    }

    private let state = Mutex(State())
    private let intake: MessageIntake
    /// Something came.
    let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init(_ intake: MessageIntake) {
        self.intake = intake
        (arrivals, arrival) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var lastSender: String { state.withLock { $0.lastSender } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let bytes = Array(envelope.data.readableBytesView)
        let sender = envelope.remoteAddress.ipAddress ?? ""
        let isTaken = state.withLock { state in
            guard state.size + bytes.count <= Self.capacity else { return false }
            state.size += bytes.count + Self.overhead
            state.waiting.append(bytes)
            state.lastSender = sender
            return true
        }
        if isTaken {
            arrival.yield()
        } else {
            intake.refuse(.overload, "too many messages wait to be stored", from: sender)
        }
    }

    /// The socket's errors, such as a sender who is gone, end nothing.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    /// Those that came first, off the queue.
    func next() -> [[UInt8]] {
        state.withLock { state in
            let first = Array(state.waiting.prefix(Self.mostAtOnce))
            state.waiting.removeFirst(first.count)
            state.size -= first.reduce(0) { $0 + $1.count + Self.overhead }
            return first
        }
    }

    /// Nothing comes any more.
    func finish() { arrival.finish() }
}
