// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing
import Wire

@Suite struct SampleJSONTests {
    private let cycle = PollingCycle(
        number: 1, timestamp: Timestamp(microseconds: 1_795_231_010_035_734), deadline: .now, meters: ["cpu"])
    private let cpu = Meter("cpu", .cumulative, unit: "ns")

    private func sample(_ volume: Volume = 1234, metadata: Metadata = [:]) -> Sample {
        let resource = Resource(id: "vm-1", projectID: "p1", userID: "u1", metadata: metadata)
        return Sample(cpu, volume, of: resource, in: cycle, readAt: MonotonicTime(nanoseconds: 1_562_500_160_917))
    }

    private func text(_ sample: Sample) -> String { String(decoding: sample.json, as: UTF8.self) }

    /// Foundation's reading, as an outsider's.
    private func read(_ sample: Sample) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(sample.json)) as? [String: Any])
    }

    @Test func isCeilometersDictionaryInItsOrder() {
        var sample = sample(0, metadata: ["display_name": "vm-1", "vcpus": 1])
        sample.userName = "alice"
        #expect(
            text(sample) == """
                {"name":"cpu","type":"cumulative","unit":"ns","volume":0,"user_id":"u1","user_name":"alice",\
                "project_id":"p1","project_name":null,"resource_id":"vm-1","timestamp":"2026-11-21T03:16:50.035734",\
                "resource_metadata":{"display_name":"vm-1","vcpus":1},"source":"openstack","id":"\(sample.id)",\
                "monotonic_time":1562.500160917}
                """)
    }

    @Test func whatIsNotKnownIsNull() throws {
        let object = try read(Sample(cpu, 0, of: Resource(id: "vm-1"), in: cycle))
        for key in ["user_id", "user_name", "project_id", "project_name", "monotonic_time"] {
            #expect(object[key] is NSNull, "\(key)")
        }
    }

    @Test(arguments: Meter.Kind.allCases)
    func theTypeIsTheKind(kind: Meter.Kind) throws {
        let sample = Sample(Meter("m", kind, unit: ""), 0, of: Resource(id: "r"), in: cycle)
        #expect(try read(sample)["type"] as? String == kind.rawValue)
        #expect(try read(sample)["unit"] as? String == "")
    }

    @Test(arguments: [
        (Volume(UInt64.max), "18446744073709551615"), (Volume(Int64.min), "-9223372036854775808"),
        (Volume(0.1), "0.1"), (Volume(1e22), "1e+22"), (Volume(-0.0), "-0.0"),
        (Volume(Double.leastNonzeroMagnitude), "5e-324"),
        (Volume(1.7976931348623157e308), "1.7976931348623157e+308"), (Volume(100.0), "100.0"), (Volume(1e16), "1e+16"),
    ])
    func numbersKeepEveryDigit(volume: Volume, digits: String) {
        #expect(text(sample(volume)).contains("\"volume\":\(digits),"))
    }

    @Test func foundationReadsTheSameNumbersBack() throws {
        #expect(try (read(sample(Volume(UInt64.max)))["volume"] as? NSNumber)?.uint64Value == .max)
        for real in [0.1, 1e22, -0.0, .leastNonzeroMagnitude, 1 / 3.0, 1e-7, 123_456_789.123] {
            let number = try #require(try read(sample(Volume(real)))["volume"] as? NSNumber)
            #expect(number.doubleValue == real && number.doubleValue.sign == real.sign, "\(real)")
        }
    }

    @Test(arguments: [Volume(Double.nan), Volume(Double.infinity), Volume(-Double.infinity)])
    func whatIsNoNumberIsNullRatherThanBrokenText(volume: Volume) throws {
        #expect(try read(sample(volume))["volume"] is NSNull)
    }
}
