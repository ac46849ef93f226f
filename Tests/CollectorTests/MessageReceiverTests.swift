// SPDX-License-Identifier: Apache-2.0
import Digests
import Telemetry
import TestSupport
import Testing
import Web
import Wire

@testable import Collector

/// What Ceilometer's UDP and TCP publishers send, to the running collector.
@Suite struct MessageReceiverTests {
    private static let listening = "udp_listen = 127.0.0.1:0\ntcp_listen = 127.0.0.1:0\n"
    private let directory: TemporaryDirectory
    private let samples = (0..<40).map { Sample.of("cpu", .integer(Int64($0)), resource: "vm-\($0)", second: 1) }

    init() throws { directory = try TemporaryDirectory() }

    private func messages(_ samples: [Sample], secret: String? = nil) -> [[UInt8]] {
        var messages = MeteringMessages(publisherID: "compute-1", signer: secret.map { Self.signer($0) })
        return messages.messagePack(samples)
    }

    private static func signer(_ secret: String) -> MessageSigner {
        let key = HMACSHA256(key: secret)
        return MessageSigner { key.digest(of: $0) }
    }

    private static func framed(_ message: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) } + message
    }

    private func volumes(_ collector: RunningCollector) async throws -> [Int] {
        let reply = try await collector.get("/v1/samples?meter=cpu&limit=1000")
        return (reply["samples"] as? [[String: Any]] ?? []).compactMap { $0["volume"] as? Int }.sorted()
    }

    @Test func eachDatagramIsASample() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        for message in messages(samples) { try sendDatagram(message, port: collector.udpPort) }
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="udp"}"#, 40))
        #expect(try await volumes(collector) == Array(0..<40))
        try await collector.stop()
    }

    @Test func aStreamOfMessagesIsStoredHoweverItIsCut() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        let stream = messages(samples).flatMap(Self.framed)
        let port = collector.tcpPort
        try await onThread {
            let client = try HTTPClient(port: port)
            for start in stride(from: 0, to: stream.count, by: 777) {
                try client.write(Array(stream[start..<min(stream.count, start + 777)]))
            }
        }
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="tcp"}"#, 40))
        #expect(try await volumes(collector) == Array(0..<40))
        try await collector.stop()
    }

    @Test func aMessageThatCameByAnotherWayIsADuplicate() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        var json = MeteringMessages(signer: nil)
        let body = json.json(samples).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",")
        #expect(try await collector.post("[\(body)]")["stored"] as? Int == 40)
        for message in messages(samples) { try sendDatagram(message, port: collector.udpPort) }
        #expect(try await collector.waitFor(#"samples_duplicate_total{receiver="udp"}"#, 40))
        #expect(try await volumes(collector) == Array(0..<40))
        try await collector.stop()
    }

    /// Bytes that are no message, and why.
    private func damaged() throws -> [(bytes: [UInt8], reason: Refusal.Reason)] {
        let good = try #require(messages(samples).first)
        var future = samples[1]
        future.timestamp = Timestamp(microseconds: 32_503_680_000_000_000)
        let notANumber: [UInt8] = Array("counter_volume".utf8) + [0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0]
        var nan = good
        let volume = try #require(nan.firstRange(of: Array("counter_volume".utf8) + [0]))
        nan.replaceSubrange(volume, with: notANumber)
        return [
            ([], .malformed), ([0xC1], .malformed), (Array(good.dropLast()), .malformed),
            (Array(good.prefix(good.count / 2)), .malformed), (good + [0], .malformed), (nan, .malformed),
            // Maps and lists of four thousand million, and five thousand inside each other.
            ([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], .malformed), ([0xDD, 0xFF, 0xFF, 0xFF, 0xFF], .malformed),
            ([UInt8](repeating: 0x91, count: 5000), .malformed), (Array("{\"json\":1}".utf8), .malformed),
            (try #require(messages([future]).first), .future),
        ]
    }

    @Test func damagedDatagramsAreCountedAndHarmNothingElse() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        let damaged = try damaged()
        for message in damaged { try sendDatagram(message.bytes, port: collector.udpPort) }
        try sendDatagram(messages(samples)[7], port: collector.udpPort)
        let malformed = damaged.count { $0.reason == .malformed }
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="udp"}"#, 1))
        #expect(
            try await collector.waitFor(#"samples_refused_total{receiver="udp",reason="malformed"}"#, malformed))
        #expect(try await collector.waitFor(#"samples_refused_total{receiver="udp",reason="future"}"#, 1))
        #expect(try await volumes(collector) == [7])
        // Ten of one reason are one line.
        #expect(collector.log.lines.count { $0.contains("messages were refused") } == 2)
        try await collector.stop()
    }

    @Test func damagedMessagesLeaveTheRestOfAStreamWhole() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        let damaged = try damaged()
        let stream = damaged.flatMap { Self.framed($0.bytes) } + Self.framed(messages(samples)[7])
        let port = collector.tcpPort
        try await onThread { try HTTPClient(port: port).write(stream) }
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="tcp"}"#, 1))
        let malformed = damaged.count { $0.reason == .malformed }
        #expect(
            try await collector.waitFor(#"samples_refused_total{receiver="tcp",reason="malformed"}"#, malformed))
        try await collector.stop()
    }

    @Test func aStreamThatEndsWithinAMessageKeepsWhatWasWhole() async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        let stream = messages(Array(samples[..<3])).flatMap(Self.framed).dropLast(5)
        let port = collector.tcpPort
        try await onThread { try HTTPClient(port: port).write(Array(stream)) }
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="tcp"}"#, 2))
        #expect(try await collector.waitFor(#"samples_refused_total{receiver="tcp",reason="malformed"}"#, 1))
        #expect(collector.log.lines.contains { $0.contains("the connection ended within a message") })
        try await collector.stop()
    }

    @Test(arguments: [.max, 1 << 63, (1 << 18) + 1] as [UInt64])
    func aLengthThatNoMessageHasEndsTheConnection(length: UInt64) async throws {
        let collector = try await RunningCollector(directory, Self.listening)
        let stream = Self.framed(messages(samples)[3]) + withUnsafeBytes(of: length.littleEndian) { Array($0) }
        let port = collector.tcpPort
        let error = try await onThread {
            let client = try HTTPClient(port: port)
            try client.write(stream)
            return #expect(throws: ShellError.self) { try client.reply() }
        }
        #expect(error?.reason == "the server has closed")
        #expect(try await collector.waitFor(#"samples_stored_total{receiver="tcp"}"#, 1))
        #expect(try await collector.metric(#"samples_refused_total{receiver="tcp",reason="too_large"}"#) == 1)
        try await collector.stop()
    }

    @Test func withASecretOnlySignedMessagesAreTaken() async throws {
        let secret = try directory.write("shared between us\n", to: "secret")
        let collector = try await RunningCollector(directory, "\(Self.listening)telemetry_secret_file = \(secret)\n")
        let whole =
            messages([samples[0]], secret: "shared between us") + messages([samples[1]], secret: "another")
            + messages([samples[2]])
        var changed = try #require(messages([samples[3]], secret: "shared between us").first)
        let volume = try #require(changed.firstRange(of: Array("counter_volume".utf8))).upperBound
        changed[volume] = 99
        for message in whole + [changed] {
            try sendDatagram(message, port: collector.udpPort)
            let (port, framed) = (collector.tcpPort, Self.framed(message))
            try await onThread { try HTTPClient(port: port).write(framed) }
        }
        for receiver in ["udp", "tcp"] {
            #expect(
                try await collector.waitFor(
                    #"samples_refused_total{receiver="\#(receiver)",reason="signature"}"#, 3))
        }
        #expect(try await volumes(collector) == [0])
        #expect(!collector.log.lines.contains { $0.contains("shared between us") })
        try await collector.stop()
    }

    @Test func overHTTPMeteringMessagesMustBeSignedAndTheOtherKeysNeedNot() async throws {
        let secret = try directory.write("shared between us\n", to: "secret")
        let collector = try await RunningCollector(directory, "telemetry_secret_file = \(secret)\n")
        var signed = MeteringMessages(signer: Self.signer("shared between us"))
        var unsigned = MeteringMessages(signer: nil)
        let texts = signed.json([samples[0], samples[1]]) + unsigned.json([samples[2]]) + [Array(sampleJSON().utf8)]
        let body = texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",")
        let reply = try await collector.post("[\(body)]")
        #expect(reply["stored"] as? Int == 3)
        let refusals = reply["refusals"] as? [[String: Any]]
        #expect(refusals?.compactMap { $0["index"] as? Int } == [2])
        #expect(refusals?.first?["reason"] as? String == "signature")
        // A second cycle, whose text is known: what was changed on its way is found out all the same.
        let later = samples[0...0].map { sample in
            var later = sample
            later.timestamp = Timestamp(microseconds: sample.timestamp.microseconds + 1_000_000)
            return later
        }
        let text = String(decoding: try #require(signed.json(later).first), as: UTF8.self)
        let changed = text.replacing("\"counter_volume\":0", with: "\"counter_volume\":1")
        #expect(try await collector.post(changed).status == 422)
        #expect(try await collector.post(text).status == 200)
        try await collector.stop()
    }

    @Test func anAddressInUseIsNamed() async throws {
        let first = try await RunningCollector(directory, Self.listening)
        for (name, port) in [("listen", first.port), ("udp_listen", first.udpPort), ("tcp_listen", first.tcpPort)] {
            let another = try TemporaryDirectory()
            let error = await #expect(throws: ListenError.self) {
                try await RunningCollector(another, "\(name) = 127.0.0.1:\(port)\n")
            }
            #expect(
                error?.description == "could not listen on 127.0.0.1:\(port), as [collector] \(name) says: "
                    + "Address already in use")
        }
        try await first.stop()
    }
}
