internal import Logging
internal import NIOCore
// SPDX-License-Identifier: Apache-2.0
internal import Web

/// The receivers of metering messages that are wanted, of UDP, TCP and a message bus.
struct MessageReceivers: Sendable {
    private let udp: UDPReceiver?
    private let tcp: TCPReceiver?
    private let bus: BusReceiver?
    private let open: AsyncStream<Never>
    private let opening: AsyncStream<Never>.Continuation

    var udpAddress: SocketAddress? { udp?.address }
    var tcpAddress: SocketAddress? { tcp?.address }
    var busAddress: String? { bus?.address }

    /// - Throws: ``ListenError``
    init(_ setup: CollectorSetup, _ admission: Admission, _ counters: CollectorCounters, log: Logger) async throws {
        (open, opening) = AsyncStream.makeStream()
        func intake(_ receiver: CollectorCounters.Receiver) -> MessageIntake {
            MessageIntake(
                receiver: receiver, admission: admission, counters: counters,
                complaints: Complaints(receiver, log: log))
        }
        if let address = setup.udpListen {
            do { udp = try await UDPReceiver(address, intake(.udp)) } catch {
                throw ListenError("udp_listen", in: "collector", address, error)
            }
        } else {
            udp = nil
        }
        if let address = setup.tcpListen {
            do { tcp = try await TCPReceiver(address, intake(.tcp)) } catch {
                await udp?.close()
                throw ListenError("tcp_listen", in: "collector", address, error)
            }
        } else {
            tcp = nil
        }
        bus = setup.bus.map { BusReceiver($0, intake(.bus), log: log) }
    }

    /// Until ``close()``, and until what came before is stored.
    func run() async throws {
        async let datagrams: Void? = udp?.run()
        async let connections: Void? = tcp?.run()
        async let deliveries: Void? = bus?.run()
        for await _ in open {}
        _ = try await (datagrams, connections, deliveries)
    }

    func close() async {
        await udp?.close()
        await tcp?.close()
        bus?.close()
        opening.finish()
    }
}
