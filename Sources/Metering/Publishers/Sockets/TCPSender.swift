// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `tcp://host:4952`: metering messages as MessagePack, each after its length in 8 bytes, the lowest first, as
/// Ceilometer's TCP publisher sends them.
///
/// The protocol has no answer. A batch counts as taken once the other side's TCP has acknowledged all of it; what its
/// program then loses is lost. A batch whose connection breaks is sent again whole.
actor TCPSender: Sender {
    static func registration(_ settings: PublisherSettings) -> PublisherRegistration {
        PublisherRegistration(scheme: "tcp", options: ["timeout"]) { url throws(Mistake) -> any Sender in
            TCPSender(
                to: try HostPort(url), within: .seconds(try url.integer("timeout", 1...3600) ?? 5),
                MeteringMessages(publisherID: settings.host, signer: settings.signer))
        }
    }

    private let executor = QueueExecutor(label: "publisher.tcp")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated let batchSize = 500
    private let target: HostPort
    private let limit: Duration
    private var messages: MeteringMessages
    private var socket: Socket?

    init(to target: HostPort, within limit: Duration, _ messages: MeteringMessages) {
        self.target = target
        self.limit = limit
        self.messages = messages
    }

    func encode(_ samples: [Sample]) -> [UInt8] {
        var bytes: [UInt8] = []
        for message in messages.messagePack(samples) {
            for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: message.count >> (8 * index))) }
            bytes += message
        }
        return bytes
    }

    func send(_ batch: [UInt8]) throws -> [DeadLetter] {
        // The receiver may have ended the connection between two cycles: that is no failure, but a new one is needed.
        if let known = socket.take(), (try? known.requireOpen()) != nil { socket = consume known }
        let used = try socket.take() ?? Socket(.stream, to: target, within: limit)
        // Not kept where this throws: nobody knows how much of a message has gone.
        try used.write(batch, within: limit)
        socket = consume used
        return []
    }
}
