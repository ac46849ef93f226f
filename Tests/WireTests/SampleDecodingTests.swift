// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing
import Wire

/// Samples read from messages of both forms.
@Suite struct SampleDecodingTests {
    private let metering = """
        {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns","counter_volume":1234,\
        "user_id":"u1","user_name":null,"project_id":"p1","project_name":"demo","resource_id":"r1",\
        "timestamp":"2026-11-21T03:16:50.035734","resource_metadata":{"cpu_number":2,"list":["a",{"b":1.5}],"n":null},\
        "message_id":"fdef70a6-e559-11f1-9325-02fc00000001","monotonic_time":1562.500160917,"message_signature":""}
        """
    private let plain = """
        {"name":"cpu","type":"cumulative","unit":"ns","volume":1234,"user_id":"u1","user_name":null,"project_id":"p1",\
        "project_name":"demo","resource_id":"r1","timestamp":"2026-11-21T03:16:50.035734",\
        "resource_metadata":{"cpu_number":2,"list":["a",{"b":1.5}],"n":null},"source":"openstack",\
        "id":"fdef70a6-e559-11f1-9325-02fc00000001","monotonic_time":1562.500160917}
        """

    private func sample(_ json: String) throws -> Sample {
        try Sample(WireValue(json: Array(json.utf8), within: WireLimits(bytes: 10_000)))
    }

    private func error(_ json: String) -> String {
        do {
            return "no error but \(try sample(json))"
        } catch {
            return "\(error)"
        }
    }

    @Test func bothFormsAreTheSameSample() throws {
        let sample = try sample(metering)
        #expect(sample == (try self.sample(plain)))
        #expect(sample.name == "cpu" && sample.kind == .cumulative && sample.unit == "ns" && sample.volume == 1234)
        #expect(sample.userID == "u1" && sample.userName == nil)
        #expect(sample.projectID == "p1" && sample.projectName == "demo")
        #expect(sample.resourceID == "r1" && sample.source == "openstack")
        #expect(sample.timestamp == Timestamp(microseconds: 1_795_231_010_035_734))
        #expect(sample.resourceMetadata == ["cpu_number": 2, "list": .array(["a", .object(["b": 1.5])]), "n": nil])
        #expect(sample.id.description == "fdef70a6-e559-11f1-9325-02fc00000001")
        #expect(sample.monotonicTime == MonotonicTime(nanoseconds: 1_562_500_160_917))
    }

    @Test func ourOwnTextsAreReadBack() throws {
        var sample = try sample(metering)
        sample.volume = Volume(UInt64.max)
        var messages = MeteringMessages(signer: nil)
        #expect(try messages.json([sample]).map { try self.sample(String(decoding: $0, as: UTF8.self)) } == [sample])
        let packed = messages.messagePack([sample])
        #expect(try packed.map { try Sample(WireValue(messagePack: $0, within: .datagram)) } == [sample])
        #expect(try self.sample(String(decoding: JSONLines.of([sample]), as: UTF8.self)) == sample)
    }

    @Test func theMessageIsCeilometersInItsOrder() throws {
        var messages = MeteringMessages(signer: nil)
        let json = try #require(messages.json([sample(metering)]).first)
        #expect(String(decoding: json, as: UTF8.self) == metering)
    }

    @Test func aPublisherStandsBeforeTheSignature() throws {
        var messages = MeteringMessages(publisherID: "host \"1\"", signer: nil)
        let json = try #require(messages.json([sample(metering)]).first)
        #expect(
            String(decoding: json, as: UTF8.self).hasSuffix(
                #""monotonic_time":1562.500160917,"publisher_id":"host \"1\"","message_signature":""}"#))
    }

    @Test func theOlderFormHasTwelveKeys() throws {
        var messages = MeteringMessages(keys: .twelve, signer: nil)
        let json = try #require(messages.json([sample(metering)]).first)
        #expect(
            String(decoding: json, as: UTF8.self) == """
                {"source":"openstack","counter_name":"cpu","counter_type":"cumulative","counter_unit":"ns",\
                "counter_volume":1234,"user_id":"u1","project_id":"p1","resource_id":"r1",\
                "timestamp":"2026-11-21T03:16:50.035734",\
                "resource_metadata":{"cpu_number":2,"list":["a",{"b":1.5}],"n":null},\
                "message_id":"fdef70a6-e559-11f1-9325-02fc00000001","message_signature":""}
                """)
        var read = try sample(String(decoding: json, as: UTF8.self))
        #expect(read.monotonicTime == nil && read.projectName == nil)
        (read.monotonicTime, read.projectName) = (MonotonicTime(nanoseconds: 1_562_500_160_917), "demo")
        #expect(try read == sample(metering))
    }

    @Test func changedMetadataAreWrittenAnew() throws {
        var sample = try sample(metering)
        var messages = MeteringMessages(signer: nil)
        _ = messages.json([sample])
        sample.resourceMetadata["cpu_number"] = 4
        let packed = try #require(messages.messagePack([sample]).first)
        #expect(try Sample(WireValue(messagePack: packed, within: .datagram)) == sample)
    }

    @Test(arguments: [
        ("counter_name", "\"cpu\"", "null", "null; allowed: a text"),
        ("counter_name", "\"cpu\"", "\"\"", "\"\"; allowed: a text, not empty"),
        ("counter_type", "\"cumulative\"", "\"counter\"", "\"counter\"; allowed: cumulative, delta, gauge"),
        ("counter_unit", "\"ns\"", "7", "7; allowed: a text"),
        ("counter_volume", "1234", "null", "null; allowed: a finite number"),
        ("counter_volume", "1234", "\"many\"", "\"many\"; allowed: a finite number"),
        ("counter_volume", "1234", "\"nan\"", "\"nan\"; allowed: a finite number"),
        ("counter_volume", "1234", "\"1e999\"", "\"1e999\"; allowed: a finite number"),
        ("counter_volume", "1234", "true", "true; allowed: a finite number"),
        ("user_id", "\"u1\"", "[1]", "a list; allowed: a text or null"),
        ("resource_id", "\"r1\"", "null", "null; allowed: a text"),
        ("timestamp", "\"2026-11-21T03:16:50.035734\"", "\"yesterday\"", "\"yesterday\"; allowed: a time such as"),
        ("timestamp", "\"2026-11-21T03:16:50.035734\"", "0", "0; allowed: a text"),
        (
            "resource_metadata", "{\"cpu_number\":2,\"list\":[\"a\",{\"b\":1.5}],\"n\":null}", "[]",
            "a list; allowed: an object"
        ),
        ("message_id", "\"fdef70a6-e559-11f1-9325-02fc00000001\"", "\"i\"", "\"i\"; allowed: a UUID"),
        ("monotonic_time", "1562.500160917", "\"now\"", "\"now\"; allowed: seconds or null"),
        ("monotonic_time", "1562.500160917", "-1", "-1; allowed: seconds from 0 to 3.2e9"),
        ("monotonic_time", "1562.500160917", "1e300", "1e+300; allowed: seconds from 0 to 3.2e9"),
    ])
    func aFieldThatIsWrongIsNamed(field: String, value: String, wrong: String, words: String) {
        let pair = "\"\(field)\":\(value)"
        #expect(metering.contains(pair))
        let found = error(metering.replacing(pair, with: "\"\(field)\":\(wrong)"))
        #expect(found.hasPrefix("\(field): \(words)"), "\(found)")
    }

    @Test(arguments: ["counter_type", "counter_unit", "counter_volume", "resource_id", "timestamp", "message_id"])
    func aFieldThatIsMissingIsNamed(field: String) {
        #expect(error(metering.replacing("\"\(field)\"", with: "\"x\"")).hasPrefix("\(field): nothing; allowed: a "))
    }

    @Test func whatMayBeMissingIsReadWithoutIt() throws {
        let least = """
            {"name":"cpu","type":"gauge","unit":"","volume":"1.5","resource_id":"r","timestamp":"2026-11-21 03:16:50Z",\
            "id":"fdef70a6-e559-11f1-9325-02fc00000001","other":[]}
            """
        let sample = try sample(least)
        #expect(sample.volume == 1.5 && sample.source == "openstack" && sample.resourceMetadata.isEmpty)
        #expect(sample.userID == nil && sample.projectID == nil && sample.monotonicTime == nil)
    }

    @Test(arguments: [
        ("7", Volume(7)), ("-7.5", Volume(-7.5)), ("\"7\"", Volume(7)), ("18446744073709551615", Volume(UInt64.max)),
        ("18446744073709551616", Volume(1.8446744073709552e19)),
        ("-9223372036854775809", Volume(-9.223372036854776e18)),
    ])
    func volumesKeepTheirDigits(text: String, volume: Volume) throws {
        #expect(try sample(metering.replacing("volume\":1234", with: "volume\":\(text)")).volume == volume)
    }

    @Test func bytesInMetadataAreNamedWithTheirPlace() throws {
        let value = try WireValue(json: Array(plain.utf8), within: WireLimits(bytes: 10_000))
        guard case .object(var entries) = value else { return }
        entries.removeAll { $0.key == "resource_metadata" }
        let inner = WireValue.object([.init("a\nb", .array([.null, .object([.init("c", .binary([1]))])]))])
        entries.append(.init("resource_metadata", inner))
        let error = #expect(throws: WireError.self) { try Sample(.object(entries)) }
        #expect(error?.place == "resource_metadata.a\\nb[1].c" && error?.found == "bytes")
    }

    @Test(arguments: ["[]", "7", "\"a\""]) func whatIsNoObjectIsRefused(json: String) {
        #expect(error(json).hasPrefix("message: ") && error(json).hasSuffix("allowed: an object"))
    }
}
