// SPDX-License-Identifier: Apache-2.0
internal import NIOCore
internal import NIOPosix
internal import Web

/// Takes metering messages of Ceilometer's UDP publisher: a MessagePack map a datagram.
///
/// Nothing tells the sender what became of it, and the kernel drops what comes quicker than it is read: best effort, as
/// the publisher's own.
struct UDPReceiver: Sendable {
    /// Asked of the kernel, which gives what `net.core.rmem_max` allows.
    private static let socketBuffer: ChannelOptions.Types.SocketOption.Value = 8 << 20

    private let channel: any Channel
    private let queue: DatagramQueue
    private let intake: MessageIntake

    var address: SocketAddress? { channel.localAddress }

    init(_ address: ListenAddress, _ intake: MessageIntake) async throws {
        let queue = DatagramQueue(intake)
        channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: Self.socketBuffer)
            // A datagram that is longer than its buffer would be cut.
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(queue) }
            }
            .bind(host: address.host, port: address.port).get()
        self.queue = queue
        self.intake = intake
    }

    /// Until ``close()``, and until what came before is stored.
    func run() async {
        for await _ in queue.arrivals {
            while case let datagrams = queue.next(), !datagrams.isEmpty {
                await intake.take(datagrams, from: queue.lastSender)
            }
        }
    }

    func close() async {
        try? await channel.close()  // one that is closed already is what is wanted
        queue.finish()
    }
}
