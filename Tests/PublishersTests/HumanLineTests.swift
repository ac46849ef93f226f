// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@testable import Publishers

@Suite struct HumanLineTests {
    private func text(_ volume: Volume, unit: String = "ns", metadata: Metadata = [:]) -> String {
        HumanLine.text(
            Sample(
                Meter("cpu", .cumulative, unit: unit), volume, of: Resource(id: "33d5cd7f", metadata: metadata),
                in: PollingCycle(
                    number: 1, timestamp: Timestamp(microseconds: 1_795_231_010_035_734), deadline: .now, meters: [])))
    }

    @Test func isTimeMeterValueUnitAndResource() {
        #expect(text(1234) == "2026-11-21T03:16:50  cpu         1234 ns                   33d5cd7f")
    }

    @Test func theNameAPersonGaveComesLast() {
        #expect(text(1234, metadata: ["display_name": "web"]).hasSuffix("  33d5cd7f  web"))
        #expect(text(1234, metadata: ["display_name": "33d5cd7f"]).hasSuffix("  33d5cd7f"))
        #expect(text(1234, metadata: ["display_name": nil]).hasSuffix("  33d5cd7f"))
    }

    @Test func aPlainNumberHasNoUnit() {
        #expect(text(1, unit: "").contains("  1                         33d5cd7f"))
    }

    @Test(
        arguments: [
            (Volume(12.345), "12.35 %"), (0.0, "0.00 %"), (-0.004, "0.00 %"), (-1.5, "-1.50 %"), (99.999, "100.00 %"),
            (Volume(1e20), "1e+20 %"), (7, "7 %"), (Volume(UInt64.max), "18446744073709551615 %"),
        ] as [(Volume, String)])
    func realNumbersHaveTwoDecimals(volume: Volume, words: String) {
        #expect(text(volume, unit: "%").contains("  \(words)  "))
    }

    @Test func whatIsNoNumberIsSaidAsItIs() {
        #expect(text(Volume(Double.nan)).contains("nan ns"))
    }
}
