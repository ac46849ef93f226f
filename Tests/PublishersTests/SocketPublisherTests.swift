// SPDX-License-Identifier: Apache-2.0
import Digests
import Foundation
import Pipelines
import Publishers
import Telemetry
import TestSupport
import Testing
import Wire

/// `tcp://` and `udp://` over real sockets.
@Suite(.timeLimit(.minutes(1))) struct SocketPublisherTests {
    private let key = HMACSHA256(key: "a secret")
    private var signer: MessageSigner { MessageSigner { [key] in key.digest(of: $0) } }

    @Test func aStreamHasEachMessageAfterItsLength() async throws {
        let server = try StreamServer()
        let sender = try sender("tcp://127.0.0.1:\(server.port)", secret: "a secret")
        #expect(try await sender.send(await sender.encode([.of("a"), .of("b")])) == [])
        #expect(try await sender.send(await sender.encode([.of("c")])) == [])
        let messages = try await server.messages(3, of: 0)
        #expect(messages.map { $0["counter_name"] } == [.string("a"), .string("b"), .string("c")])
        #expect(messages.allSatisfy { $0["publisher_id"] == .string("here") && signer.verifies($0) })
    }

    @Test func aBatchWhoseConnectionBreaksIsSentAgainWhole() async throws {
        let server = try StreamServer()
        let sender = try sender("tcp://127.0.0.1:\(server.port)")
        _ = try await sender.send(await sender.encode([.of("a")]))
        _ = try await server.messages(1, of: 0)
        server.hangUp(0)
        // Far more than the kernel takes in for a peer that is gone.
        let batch = await sender.encode((0..<200).map { .of("m\($0)", padding: 20_000) })
        #expect(try await sender.send(batch) == [])
        let messages = try await server.messages(200, of: 1)
        #expect(messages.map { $0["counter_name"] } == (0..<200).map { .string("m\($0)") })
    }

    @Test func whoTakesNothingIsNotWaitedForForever() async throws {
        let server = try StreamServer(isReading: false)
        let sender = try sender("tcp://127.0.0.1:\(server.port)?timeout=1")
        let batch = await sender.encode((0..<400).map { .of("m\($0)", padding: 50_000) })
        let error = await #expect(throws: (any Error).self) { try await sender.send(batch) }
        #expect(error.map { "\($0)" } == "could not send samples: no answer in time")
    }

    @Test func nobodyThereIsSaidInTheSystemsWords() async throws {
        let sender = try sender("tcp://127.0.0.1:1")
        let batch = await sender.encode([.of("a")])
        let error = await #expect(throws: (any Error).self) { try await sender.send(batch) }
        #expect(error.map { "\($0)" } == "could not connect to 127.0.0.1:1: Connection refused (errno 111)")
    }

    @Test func eachDatagramHasOneMessage() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        let port = try LoopbackAddress.bind(descriptor)
        guard case .local(let publisher) = try made("udp://127.0.0.1:\(port)", secret: "a secret") else {
            throw NotLocal()
        }
        try await publisher.publish([.of("a"), .of("b")])
        for name in ["a", "b"] {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            let message = try WireValue(messagePack: Array(buffer[..<max(0, count)]), within: .datagram)
            #expect(message["counter_name"] == .string(name))
            #expect(message["publisher_id"] == nil)
            #expect(signer.verifies(message))
        }
    }

    @Test func whatFitsNoDatagramIsCountedAndTheOthersGo() async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        let port = try LoopbackAddress.bind(descriptor)
        let log = LogMemory()
        guard case .local(let publisher) = try made("udp://127.0.0.1:\(port)", log: log) else { throw NotLocal() }
        try await publisher.publish([.of("a", padding: 70_000), .of("b")])
        try await publisher.publish([.of("c")])
        var buffer = [UInt8](repeating: 0, count: 65_536)
        #expect(recv(descriptor, &buffer, buffer.count, 0) > 0)
        #expect(recv(descriptor, &buffer, buffer.count, 0) > 0)
        #expect(log.lines.count == 2)
        #expect(
            log.lines[0].hasPrefix("error: datagrams can't be sent; their samples are dropped dropped so far=1 error="))
        #expect(log.lines[0].contains("Message too long (errno 90)"))
        #expect(log.lines[1] == "notice: datagrams are sent again dropped so far=1 publisher=udp://127.0.0.1:\(port)")
    }
}
