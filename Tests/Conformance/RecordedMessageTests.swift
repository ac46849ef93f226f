// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing
import Wire

/// Messages that a real Ceilometer agent and its publishers sent, read and written again. Their signatures are under a
/// secret that was not recorded: they are taken over.
@Suite(.enabled(if: RecordedSamples.areThere, "the recorded samples are not beside the project"))
struct RecordedMessageTests {
    private let limits = WireLimits(bytes: 1_000_000)

    private func lines(_ name: String) throws -> [WireValue] {
        try RecordedSamples.text(name).split(separator: "\n").map {
            try WireValue(json: Array($0.utf8), within: limits)
        }
    }

    private func without(_ key: String, _ message: WireValue) -> WireValue {
        guard case .object(let entries) = message else { return message }
        return .object(entries.filter { $0.key != key })
    }

    @Test func datagramsAreReadAndWrittenByteByByte() throws {
        let lines = try lines("test-3.pub-udp.jsonl")
        #expect(lines.count > 100)
        for line in lines {
            guard case .string(let hex)? = line["hex"] else { continue }
            let digits = Array(hex.utf8).map { Character(Unicode.Scalar($0)).hexDigitValue ?? 0 }
            let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
            let message = try WireValue(messagePack: bytes, within: .datagram)
            #expect(message == line["decoded"])
            var again: [UInt8] = []
            again.appendMessagePack(message)
            #expect(again == bytes)
            var messages = MeteringMessages(signer: nil)
            let written = try #require(messages.messagePack([try Sample(message)]).first)
            // The last of its 64 digits, and the empty one of ours: a head of two bytes and one of one.
            #expect(written.dropLast() == bytes.dropLast(66))
        }
    }

    @Test(arguments: ["test-3.samples.jsonl", "qemu-2of100.samples.jsonl"])
    func meteringMessagesAreReadAndWritten(file: String) throws {
        let recorded = try lines(file)
        #expect(recorded.count > 100)
        var messages = MeteringMessages(signer: nil)
        let written = messages.json(try recorded.map { try Sample($0) })
        for (message, bytes) in zip(recorded, written) {
            let again = try WireValue(json: bytes, within: limits)
            #expect(without("message_signature", again) == without("message_signature", message))
        }
    }

    @Test func samplesOfTheFilePublisherAreReadAndWritten() throws {
        for message in try lines("test-3.pub-file.jsonl") {
            let line = JSONLines.of([try Sample(message)])
            #expect(try WireValue(json: line, within: limits) == message)
        }
    }

    @Test func batchesOfTheHTTPPublisherAreReadAndWritten() throws {
        var count = 0
        for request in try lines("test-3.pub-http.jsonl") {
            guard case .string(let body)? = request["body"],
                case .array(let batch) = try WireValue(json: Array(body.utf8), within: limits)
            else { continue }
            for message in batch {
                #expect(try WireValue(json: JSONLines.of([try Sample(message)]), within: limits) == message)
                count += 1
            }
        }
        #expect(count > 100)
    }
}
