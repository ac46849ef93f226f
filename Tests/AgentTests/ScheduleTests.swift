// SPDX-License-Identifier: Apache-2.0
import Agent
import Telemetry
import Testing

@Suite struct ScheduleTests {
    private let start = MonotonicTime(nanoseconds: 5_000_000_000_000)

    /// The tick after `now` and the ticks missed, with times in seconds after the start.
    private func next(interval: Int = 60, phase: Double = 0, now: Double, last: Double) -> [Double] {
        let schedule = Schedule(start: start, interval: interval, phase: .seconds(phase))
        let (tick, missed) = schedule.next(after: start + .seconds(now), last: start + .seconds(last))
        return [tick.seconds(since: start), Double(missed)]
    }

    @Test func aCycleFollowsAnIntervalAfterTheOneBefore() {
        #expect(next(now: 0.5, last: 0) == [60, 0])
        #expect(next(now: 61, last: 60) == [120, 0])
    }

    @Test func theGridStaysWhereItIsHoweverLongCyclesTake() {
        #expect(next(now: 59.9, last: 0) == [60, 0])
        #expect(next(now: 113, last: 60) == [120, 0])
    }

    @Test func ticksThatPassedAreLeftOutAndCounted() {
        #expect(next(now: 60.5, last: 0) == [120, 1])
        #expect(next(now: 250, last: 60) == [300, 3])
    }

    @Test func atATickTheNextOneIsMeant() {
        #expect(next(now: 60, last: 0) == [120, 1])
        #expect(next(now: 120, last: 120) == [180, 0])
    }

    @Test func aPhaseShiftsAllButTheFirst() {
        #expect(next(phase: 5, now: 0.5, last: 0) == [65, 0])
        #expect(next(phase: 5, now: 5.5, last: 0) == [65, 0])
        #expect(next(phase: 5, now: 66, last: 65) == [125, 0])
    }

    @Test func aFirstCycleThatIsLateMissesTicksOfTheShiftedGrid() {
        #expect(next(phase: 5, now: 64, last: 0) == [65, 0])
        #expect(next(phase: 5, now: 66, last: 0) == [125, 1])
        #expect(next(phase: 5, now: 186, last: 65) == [245, 2])
    }

    @Test func aFractionOfASecondIsAPhaseToo() {
        #expect(next(interval: 1, phase: 0.25, now: 0.3, last: 0) == [1.25, 0])
        #expect(next(interval: 1, phase: 0.25, now: 1.25, last: 1.25) == [2.25, 0])
    }

    @Test func staysOnTheGridForYears() {
        let year = 31_536_000.0
        #expect(next(interval: 300, now: year + 1, last: year) == [year + 300, 0])
    }

    @Test func everyTickOfADayIsMetOnce() {
        let schedule = Schedule(start: start, interval: 7, phase: .milliseconds(333))
        var due = start
        for number in 1...12_342 {
            let (tick, missed) = schedule.next(after: due + .milliseconds(10), last: due)
            #expect(missed == 0)
            due = tick
            #expect(due == start + .milliseconds(333) + .seconds(7 * number))
        }
    }
}
