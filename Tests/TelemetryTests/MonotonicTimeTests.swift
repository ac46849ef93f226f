// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@Suite struct MonotonicTimeTests {
    private let early = MonotonicTime(nanoseconds: 1_000_000_000)
    private let late = MonotonicTime(nanoseconds: 3_500_000_000)

    @Test func tellsTheSecondsBetweenTwoInstants() {
        #expect(late.seconds(since: early) == 2.5)
    }

    @Test func secondsSinceALaterInstantAreNegative() {
        #expect(early.seconds(since: late) == -2.5)
    }

    @Test func keepsNanosecondsOverAYear() {
        let start = MonotonicTime(nanoseconds: 31_536_000_000_000_000)
        #expect(MonotonicTime(nanoseconds: start.nanoseconds + 1).seconds(since: start) == 1e-9)
    }

    @Test(
        arguments: [
            (Duration.milliseconds(1500), 2_500_000_000), (.seconds(300), 301_000_000_000), (.zero, 1_000_000_000),
            (.milliseconds(-250), 750_000_000), (.seconds(-5), 0),
        ] as [(Duration, UInt64)])
    func movesByADuration(duration: Duration, nanoseconds: UInt64) {
        #expect((early + duration).nanoseconds == nanoseconds)
    }

    @Test func aDurationWithoutEndLeadsToTheEndOfTime() {
        #expect(early + .seconds(Int64.max) > late)
    }

    @Test func isWrittenInSeconds() {
        #expect(MonotonicTime(nanoseconds: 1_562_500_160_917).seconds == 1562.500160917)
    }

    @Test func nowNeverGoesBack() {
        let instants = (0..<1000).map { _ in MonotonicTime.now }
        #expect(instants == instants.sorted())
    }
}
