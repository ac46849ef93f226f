// SPDX-License-Identifier: Apache-2.0
import Foundation
import MessageBus
import Synchronization
import TestSupport
import Testing

/// What an operator reads where the other side is no broker that takes us; none of it needs a broker.
@Suite(.timeLimit(.minutes(2))) struct BadBrokerTests {
    private func failure(_ port: Int, host: String = "127.0.0.1", _ query: String = "") async throws -> String {
        let url = try BusURL("rabbit://nova:s3cret@\(host):\(port)/v\(query)")
        var options = BusOptions()
        try options.take(url)
        options.connectLimit = .seconds(2)
        options.answerLimit = .seconds(2)
        let publisher = BusPublisher(to: url, options)
        let error = try await #require(throws: BusError.self) {
            try await publisher.publish([BusMessage(exchange: "ceilometer", routingKey: "metering.sample", body: [1])])
        }
        #expect(!"\(error)".contains("s3cret"))
        return "\(error)"
    }

    @Test func nobodyThereIsSaidInTheSystemsWords() async throws {
        #expect(try await failure(1) == "could not connect to 127.0.0.1:1: Connection refused (errno 111)")
    }

    @Test func aNameWithoutAnAddressIsSaid() async throws {
        let told = try await failure(5672, host: "no-such-host.invalid")
        #expect(told == "could not connect to no-such-host.invalid:5672: the host's name has no address")
    }

    @Test func whoNeverAnswersIsNotWaitedForForever() async throws {
        let peer = try Peer(.silent)
        let told = try await failure(peer.port)
        #expect(told == "could not log in at 127.0.0.1:\(peer.port) as nova, virtual host v: no answer within 2 s")
    }

    @Test func whoNeverAnswersWithTLSIsNotWaitedForForever() async throws {
        let peer = try Peer(.silent)
        let told = try await failure(peer.port, "?ssl=1&ssl_verify=0")
        #expect(told == "could not connect to 127.0.0.1:\(peer.port) with TLS: no answer within 2 s")
    }

    @Test func aServerOfAnotherKindIsSaid() async throws {
        let peer = try Peer(.says("HTTP/1.1 400 Bad Request\r\n\r\n"))
        let told = try await failure(peer.port)
        #expect(
            told.hasPrefix(
                "could not log in at 127.0.0.1:\(peer.port) as nova, virtual host v: what answers there does not speak "
                    + "AMQP 0-9-1"))
    }

    @Test func whoHangsUpIsSaidWithWhatItMayMean() async throws {
        let peer = try Peer(.hangsUp)
        let told = try await failure(peer.port)
        #expect(
            told == "could not log in at 127.0.0.1:\(peer.port) as nova, virtual host v: the other side closed the "
                + "connection; a port that wants TLS does so too (ssl=1)")
    }

    /// rabbitmq-c closes a socket that fails, and the number is the next one's at once.
    @Test func aConnectionThatFailedEndsNobodyElses() async throws {
        let peer = try Peer(.hangsUp)
        let isOver = Atomic(false)
        async let ended = onThread {
            var ended = 0
            while !isOver.load(ordering: .relaxed) {
                var pair: [Int32] = [-1, -1]
                guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { continue }
                usleep(50)
                var wait = pair.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                ended += poll(&wait, 2, 0) > 0 ? 1 : 0
                for end in pair { close(end) }
            }
            return ended
        }
        for _ in 0..<500 { _ = try await failure(peer.port) }
        isOver.store(true, ordering: .relaxed)
        #expect(try await ended == 0)
    }

    @Test func aServerWithoutTLSIsSaid() async throws {
        let peer = try Peer(.says("AMQP\u{0}\u{0}\u{9}\u{1}"))
        #expect(
            try await failure(peer.port, "?ssl=1&ssl_verify=0").hasPrefix(
                "could not connect to 127.0.0.1:\(peer.port) with TLS: no TLS could be agreed on"))
    }

    @Test func aFileWithoutAuthoritiesIsNamed() async throws {
        let told = try await failure(1, "?ssl=1&ssl_ca_file=/etc/hostname")
        #expect(
            told
                == "could not connect to 127.0.0.1:1 with TLS: /etc/hostname holds no certificate of an authority in PEM "
                + "that can be read (ssl_ca_file)")
    }

    @Test func everyHostThatWasTriedIsNamed() async throws {
        let url = try BusURL("rabbit://127.0.0.1:1,127.0.0.1:2")
        let publisher = BusPublisher(to: url, BusOptions())
        let error = try await #require(throws: BusError.self) {
            try await publisher.publish([BusMessage(exchange: "e", routingKey: "k", body: [1])])
        }
        #expect(
            "\(error)"
                == "could not connect to 127.0.0.1:1: Connection refused (errno 111); nor connect to 127.0.0.1:2: "
                + "Connection refused (errno 111)")
    }

    @Test func aConsumerTellsOnceAndGoesOn() async throws {
        let (events, event) = AsyncStream.makeStream(of: String.self)
        var options = BusOptions()
        options.retryInterval = 1
        options.retryBackoff = 0
        let consumer = BusConsumer(
            of: try BusURL("rabbit://127.0.0.1:1"), options, [BusQueue(routingKey: "k", exchanges: ["e"])]
        ) { found in
            if case .disconnected(let error) = found { event.yield("\(error)") }
        }
        async let taking: Void = consumer.run()
        try await Task.sleep(for: .seconds(3))
        consumer.stop()
        #expect(await consumer.next(upTo: 1) == nil)
        await taking
        event.finish()
        var told: [String] = []
        for await text in events { told.append(text) }
        #expect(told == ["could not connect to 127.0.0.1:1: Connection refused (errno 111)"])
    }
}

/// Listens, and behaves as no broker does.
private final class Peer: Sendable {
    enum Manner: Sendable {
        case silent, hangsUp
        case says(String)
    }

    let port: Int
    private let listener: Int32
    private let manner: Manner

    init(_ manner: Manner) throws {
        self.manner = manner
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        port = Int(try LoopbackAddress.bind(listener))
        listen(listener, 16)
        if case .silent = manner { return }
        let listener = listener
        Thread {
            // Its own, as it may look at it once more: a closed one's number is the next listener's.
            defer { close(listener) }
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var bytes = [UInt8](repeating: 0, count: 1024)
                _ = read(connection, &bytes, bytes.count)
                if case .says(let text) = manner {
                    _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
                    _ = read(connection, &bytes, bytes.count)
                }
                close(connection)
            }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        if case .silent = manner { close(listener) }
    }
}
