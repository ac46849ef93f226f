// SPDX-License-Identifier: Apache-2.0
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Web

/// Takes metering messages of Ceilometer's TCP publisher: MessagePack maps, each with its length before it.
///
/// A connection is read no further until what came is on the disk, so that a sender waits where the collector can't keep
/// up. Nothing tells it what was stored: what it has sent is lost where either side ends in that moment.
struct TCPReceiver: Sendable {
    typealias Connection = NIOAsyncChannel<[[UInt8]], Never>

    /// Further connections are closed at once.
    private static let mostConnections = 1000

    private let server: NIOAsyncChannel<Connection, Never>
    private let intake: MessageIntake

    var address: SocketAddress? { server.channel.localAddress }

    init(_ address: ListenAddress, _ intake: MessageIntake) async throws {
        server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Senders keep a connection for days: one whose host is gone is found out by the kernel.
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .bind(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(MessageFraming()))
                    return try Connection(
                        wrappingChannelSynchronously: channel,
                        // Nothing is read ahead of what is being stored.
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1)))
                }
            }
        self.intake = intake
    }

    /// Until ``close()`` or cancellation, and until what came before is stored.
    ///
    /// - Throws: where the listening socket fails.
    func run() async throws {
        let active = ConnectionCount(most: Self.mostConnections)
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    guard active.enter() else {
                        intake.refuse(.overload, "too many connections", from: connection.sender)
                        try await connection.executeThenClose { _ in }
                        continue
                    }
                    group.addTask {
                        await serve(connection)
                        active.leave()
                    }
                }
            }
            group.cancelAll()
        }
    }

    func close() async {
        try? await server.channel.close()  // one that is closed already is what is wanted
    }

    private func serve(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { batches in
                for try await messages in batches { await intake.take(messages, from: connection.sender) }
            }
        } catch let error as MessageFraming.Failure {
            intake.refuse(error.reason, "\(error)", from: connection.sender)
        } catch {}  // the connection's end, however it came
    }
}

extension NIOAsyncChannel {
    fileprivate var sender: String { channel.remoteAddress?.ipAddress ?? "" }
}

/// How many connections are open.
private final class ConnectionCount: Sendable {
    private let most: Int
    private let count = Mutex(0)

    init(most: Int) { self.most = most }

    /// - Returns: false where there are as many as may be.
    func enter() -> Bool {
        count.withLock { count in
            if count < most { count += 1 } else { return false }
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
