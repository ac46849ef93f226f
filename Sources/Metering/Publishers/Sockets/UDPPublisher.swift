// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Logging
internal import Pipelines
internal import Settings
internal import Telemetry
internal import Wire

/// `udp://host:4952`: a metering message in each datagram, as MessagePack, as Ceilometer's UDP publisher sends them.
///
/// Best effort: nobody answers, nothing is repeated and nothing is spooled. What the system refuses to send is counted.
actor UDPPublisher: Publisher {
    static func registration(_ settings: PublisherSettings) -> PublisherRegistration {
        var registration = PublisherRegistration(
            scheme: "udp", options: []
        ) { url throws(Mistake) -> any Publisher in
            UDPPublisher(
                to: try HostPort(url), name: url.shown, MeteringMessages(signer: settings.signer), log: settings.log)
        }
        registration.variant = settings.variant
        return registration
    }

    private let executor = QueueExecutor(label: "publisher.udp")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let target: HostPort
    private let name: String
    private let log: Logger
    private var messages: MeteringMessages
    private var socket: Socket?
    private var lost = 0
    private var isLosing = false

    init(to target: HostPort, name: String, _ messages: MeteringMessages, log: Logger) {
        self.target = target
        self.name = name
        self.messages = messages
        self.log = log
    }

    func publish(_ samples: [Sample]) {
        do {
            let used = try socket.take() ?? Socket(.datagram, to: target, within: .seconds(5))
            var failed = 0
            var reason: (any Error)?
            for message in messages.messagePack(samples) {
                do {
                    try used.send(message)
                } catch {
                    failed += 1
                    reason = error
                }
            }
            // Else another address may answer to the name by now.
            if failed == 0 { socket = consume used }
            note(failed, reason)
        } catch {
            note(samples.count, error)
        }
    }

    /// Said once, when it begins and when it ends.
    private func note(_ failed: Int, _ reason: (any Error)?) {
        if let reason {
            lost += failed
            Counter(label: "samples_dropped_total", dimensions: [("publisher", name), ("reason", "unsent")])
                .increment(by: failed)
            log.log(
                level: isLosing ? .debug : .error, "datagrams can't be sent; their samples are dropped",
                metadata: ["publisher": "\(name)", "error": "\(reason)", "dropped so far": "\(lost)"])
        } else if isLosing {
            log.notice(
                "datagrams are sent again", metadata: ["publisher": "\(name)", "dropped so far": "\(lost)"])
        }
        isLosing = reason != nil
    }
}
