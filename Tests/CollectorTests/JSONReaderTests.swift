// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import TestSupport
import Testing

@testable import Collector

/// What is like a text that was read before is compared with it, and not decoded: whatever comes, that gives what
/// decoding gives.
@Suite struct JSONReaderTests {
    private struct Outcome: Equatable {
        var arrivals: [Arrival] = []
        var refusals: [Refusal] = []
        var failure: JSONSkim.Failure?
    }

    private static let metering = """
        {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns",\
        "counter_volume":VOLUME,"user_id":"u1","user_name":null,"project_id":"p1","project_name":null,\
        "resource_id":"vm-1","timestamp":TIME,"resource_metadata":{"volume":1,"list":["a",{"id":"x"}]},\
        "message_id":ID,"monotonic_time":MONOTONIC,"message_signature":SIGNATURE}
        """
    private static let sample = """
        {"name": "cpu_util", "type": "gauge", "unit": "%", "volume": VOLUME, "user_id": null, "project_id": "p1", \
        "resource_id": "vm-\\u0031", "timestamp": TIME, "resource_metadata": {}, "source": "é", "id": ID, \
        "monotonic_time": MONOTONIC}
        """
    private static let usual = [
        "VOLUME": "12.5", "TIME": "\"2026-11-21T03:16:50.035734\"", "ID": "\"fdef70a6-e559-11f1-9325-02fc00000001\"",
        "MONOTONIC": "1562.500160917", "SIGNATURE": "\"a7fb4cd530c5\"",
    ]
    /// Of each field, texts of every kind: as they come, at the ends of ranges, of another kind, and no JSON at all.
    private static let variants: [String: [String]] = [
        "VOLUME": [
            "0", "-0", "-0.0", "7", "-7", "123456789012345678", "1234567890123456789", "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616",
            "-9223372036854775809", String(repeating: "9", count: 38), String(repeating: "9", count: 39), "1e5", "1E5",
            "1e+5", "1e-5", "1.5e300", "0.1", "4.9e-324", "1e-400", "123456789.123456789123456789", "1.", "01", "-01",
            ".5", "+1", "1e", "1e+", "1.e5", "1e999", "-1e999", "NaN", "Infinity", "-Infinity", "nan", "null", "true",
            "\"12\"", "\"1.5\"", "\"0x1p3\"", "\"nan\"", "\" 1\"", "{}", "[]", "[1]", "0x10", "1_000", "--1", "-", "",
            "1 ", " 1", "1,\"volume\":2", "1,\"counter_volume\":2", "1,\"v\\u006flume\":2",
            String(repeating: "1", count: 100), "0." + String(repeating: "1", count: 100),
        ],
        "TIME": [
            "\"2026-11-21T03:17:00\"", "\"2026-11-21 03:17:00\"", "\"2026-11-21T03:17:00Z\"",
            "\"2026-11-21T03:17:00.5\"", "\"2026-11-21T03:17:00.123456789\"", "\"2026-11-21T03:17:00+02:00\"",
            "\"2026-02-30T03:17:00\"", "\"2026-11-21T24:00:00\"", "\"\"", "\"x\"", "null", "5", "[]",
            "\"2026-11-21T03:17:0\\u0030\"", "\"2026-11-21T03:17:00\\\"\"", "\"2026-11-21T03:17:00\t\"",
            "\"２026-11-21T03:17:00\"", "\"2999-01-01T00:00:00\"", "\"0001-01-01T00:00:00\"",
            "\"2026-11-21T03:17:00." + String(repeating: "1", count: 100) + "\"", "\"2026-11-21T03:17:00",
        ],
        "ID": [
            "\"0a0b0c0d-e559-11f1-9325-02fc00000001\"", "\"FDEF70A6-E559-11F1-9325-02FC00000001\"",
            "\"fdef70a6-e559-11f1-9325-02fc0000000g\"", "\"fdef70a6+e559-11f1-9325-02fc00000001\"",
            "\"fdef70a6-e559-11f1-9325-02fc0000000\"", "\"fdef70a6e55911f1932502fc000000011111\"",
            "\"fdef70a6-e559-11f1-9325-02fc0000000é\"", "\"fdef70a6-e559-11f1-9325-02fc0000000\\u0031\"", "\"\"",
            "null", "1", "{}",
        ],
        "MONOTONIC": [
            "0", "1562", "1562.5", "1e3", "0.000001", "0.0000019999", "3.2e9", "3.3e9", "-1", "-0.0", "1e300", "null",
            "true", "\"5\"", "NaN", "123456789.123456789", "18446744073709551615", "1234567890123456789012",
        ],
        "SIGNATURE": [
            "\"\"", "\"b\"", "null", "5", "true", "[]", "\"\\u0041\"", "\"\\x\"", "\"é\"", "\"a\tb\"", "\"a\u{7F}b\"",
            "\"" + String(repeating: "a", count: 100) + "\"",
        ],
    ]

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static func text(_ form: String, _ changes: [String: String] = [:]) -> String {
        usual.merging(changes) { $1 }.reduce(form) { $0.replacing($1.key, with: $1.value) }
    }

    private func admission() async throws -> Admission {
        var limits = SampleStore.Limits()
        limits.age = 36500 * 86400
        let store = try await OpenStore(directory("samples.db"), limits: limits).store
        return Admission(store: store, signers: SignersInForce([]), signed: .whereMetering, ahead: 36500 * 86400)
    }

    private func outcome(of text: [UInt8], by reader: JSONReader) -> (outcome: Outcome, recognised: Int) {
        text.withUnsafeBytes { bytes in
            do throws(JSONSkim.Failure) {
                let reading = try reader.read(bytes, now: Sample.day)
                return (Outcome(arrivals: reading.arrivals, refusals: reading.refusals), reading.recognised)
            } catch {
                return (Outcome(failure: error), 0)
            }
        }
    }

    /// How many of them the reader took by comparing.
    @discardableResult
    private func compare(
        _ texts: some Sequence<[UInt8]>, knowing known: [[UInt8]], _ admission: Admission
    ) throws -> Int {
        let reader = JSONReader(admission)
        for text in known { _ = try text.withUnsafeBytes { try reader.read($0) } }
        var recognised = 0
        for text in texts {
            let compared = outcome(of: text, by: reader)
            // A reader that knows nothing yet decodes.
            let decoded = outcome(of: text, by: JSONReader(admission))
            recognised += compared.recognised
            #expect(compared.outcome == decoded.outcome, "\(String(decoding: text, as: UTF8.self))")
        }
        return recognised
    }

    @Test(arguments: [metering, sample]) func everyWayToWriteAFieldIsReadAsIfDecoded(form: String) async throws {
        let admission = try await admission()
        let texts = Self.variants.flatMap { name, values in values.map { Array(Self.text(form, [name: $0]).utf8) } }
        let recognised = try compare(texts, knowing: [Array(Self.text(form).utf8)], admission)
        // Or the test would only compare decoding with itself.
        #expect(recognised > 20)
    }

    @Test(arguments: [metering, sample]) func aTextThatIsDamagedAnywhereIsReadAsIfDecoded(form: String) async throws {
        let admission = try await admission()
        let text = Array(Self.text(form).utf8)
        let cut = text.indices.map { Array(text[..<$0]) }
        let replacements = Array("\"\\{}[],:09-.eE \nx\u{0}é".utf8)
        let changed = text.indices.flatMap { index in
            // Some at each place, and all of them together.
            [0, 1, 2].map { number in
                var changed = text
                changed[index] = replacements[(index * 7 + number * 5) % replacements.count]
                return changed
            }
        }
        try compare(cut + changed, knowing: [text], admission)
    }

    @Test(arguments: [metering, sample]) func keysOfOneMeaningAreReadAsIfDecoded(form: String) async throws {
        let admission = try await admission()
        let text = Self.text(form)
        let texts = [
            text.replacing("\"source\"", with: "\"s\\u006furce\""), text.replacing("id\"", with: "\\u0069d\""),
            text.replacing("\"source\"", with: "\"id\":\"z\",\"message_id\":\"y\",\"source\""),
            text.replacing("\"source\"", with: "\"counter_volume\":1,\"source\""),
            text.replacing("\"source\"", with: "\"timestamp\":\"2026-11-21T00:00:00\",\"source\""),
            text.replacing(":", with: " : "), text.replacing(",", with: "\n,\t"), "[\(text)]", " \(text) ",
            "[\(text),\(text)]", "[\(text) \(text)]", "\(text)\(text)", "{}", "[{}]",
        ].map { Array($0.utf8) }
        // Each is known when it comes again.
        try compare(texts + texts, knowing: [Array(text.utf8)], admission)
    }

    @Test func aFleetsSecondCycleIsRecognised() async throws {
        let admission = try await admission()
        let cycles = (0..<3).map { cycle in
            let samples = (0..<50).flatMap { number in
                ["cpu", "memory"].map {
                    sampleJSON(
                        $0, "\(cycle * number)", resource: "vm-\(number)", time: "2026-11-21T00:00:0\(cycle)")
                }
            }
            return Array("[\(samples.joined(separator: ","))]".utf8)
        }
        #expect(try compare(cycles[1...], knowing: [cycles[0]], admission) == 200)
    }

    @Test(.enabled(if: RecordedMessages.areThere, "the recorded messages are not beside the project"))
    func recordedMessagesAreReadAsIfDecoded() async throws {
        let admission = try await admission()
        let texts = try RecordedMessages.lines("test-3.samples.jsonl") + RecordedMessages.lines("test-3.pub-file.jsonl")
        #expect(texts.count > 100)
        let recognised = try compare(texts, knowing: Array(texts.prefix(texts.count / 2)), admission)
        #expect(recognised > 100)
    }
}
