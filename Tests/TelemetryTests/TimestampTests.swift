// SPDX-License-Identifier: Apache-2.0
import Foundation
import Telemetry
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (1_795_231_010_035_734, "2026-11-21T03:16:50.035734"),
            (1_449_050_400_123_456, "2015-12-02T10:00:00.123456"),
            (1_000_000_000_000_001, "2001-09-09T01:46:40.000001"),
            (1_000_000_000_500_000, "2001-09-09T01:46:40.500000"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999"),
        ] as [(Int64, String)])
    func isWrittenAsCeilometerWritesIt(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test(arguments: [(0, "1970-01-01T00:00:00"), (1_000_000_000_000_000, "2001-09-09T01:46:40")] as [(Int64, String)])
    func aZeroFractionIsLeftOut(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test(
        arguments: [
            (951_782_400, "2000-02-29T00:00:00"),  // a year of 400 is a leap year
            (951_868_800, "2000-03-01T00:00:00"),
            (1_709_251_199, "2024-02-29T23:59:59"),
            (1_709_251_200, "2024-03-01T00:00:00"),
            (1_735_603_200, "2024-12-31T00:00:00"),  // day 366
            (4_107_542_399, "2100-02-28T23:59:59"),  // a year of 100 is none
            (4_107_542_400, "2100-03-01T00:00:00"),
        ] as [(Int64, String)])
    func leapDaysAreCounted(seconds: Int64, text: String) {
        #expect(Timestamp(microseconds: seconds * 1_000_000).description == text)
    }

    @Test(
        arguments: [
            (-1, "1969-12-31T23:59:59.999999"),
            (-1_000_000, "1969-12-31T23:59:59"),
            (-86_400_000_000, "1969-12-31T00:00:00"),
            (-2_203_891_200_000_000, "1900-03-01T00:00:00"),
            (-2_203_891_200_000_001, "1900-02-28T23:59:59.999999"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00"),
        ] as [(Int64, String)])
    func reachesBackBefore1970(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func agreesWithFoundationFrom1600To2400() {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().time(includingFractionalSeconds: false)
        // Steps of 97 days and some come by every month and every time of day.
        for seconds in stride(from: Int64(-11_676_096_000), through: 13_569_465_600, by: 97 * 86400 + 4321) {
            let text = Timestamp(microseconds: seconds * 1_000_000).description
            #expect(text == style.format(Date(timeIntervalSince1970: Double(seconds))))
        }
    }

    @Test func nowIsBetweenTwoReadingsOfFoundation() {
        let before = Date().timeIntervalSince1970
        let now = Double(Timestamp.now.microseconds) / 1e6
        let after = Date().timeIntervalSince1970
        #expect(now >= before - 1e-5 && now <= after + 1e-5)
    }

    @Test func theEarlierOneIsTheLesser() {
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
    }
}
