// SPDX-License-Identifier: Apache-2.0
import Daemon
import Telemetry
import Testing

@Suite struct HeartbeatTests {
    private let heartbeat = Heartbeat()
    private let noon = MonotonicTime(nanoseconds: 1_000_000_000_000)

    @Test func nobodyIsOverdueAtFirst() {
        #expect(heartbeat.overdue() == [])
    }

    @Test func whoIsExpectedIsOverdueOnlyAfterTheInstant() {
        heartbeat.expect("a", by: noon)
        #expect(heartbeat.overdue(at: noon + .seconds(-1)) == [])
        #expect(heartbeat.overdue(at: noon) == [])
        #expect(heartbeat.overdue(at: noon + .microseconds(1)) == ["a"])
    }

    @Test func aSignOfLifeMovesTheInstant() {
        heartbeat.expect("a", by: noon)
        heartbeat.expect("a", by: noon + .seconds(60))
        #expect(heartbeat.overdue(at: noon + .seconds(30)) == [])
    }

    @Test func whoHasEndedIsNotOverdue() {
        heartbeat.expect("a", by: noon)
        heartbeat.forget("a")
        heartbeat.forget("nosuch")
        #expect(heartbeat.overdue(at: noon + .seconds(60)) == [])
    }

    @Test func allWhoAreOverdueAreNamed() {
        for name in ["interval 60", "interval 300", "interval 10"] { heartbeat.expect(name, by: noon) }
        heartbeat.expect("late", by: noon + .seconds(60))
        #expect(heartbeat.overdue(at: noon + .seconds(1)) == ["interval 10", "interval 300", "interval 60"])
    }

    @Test func nowIsTheMonotonicClock() {
        heartbeat.expect("past", by: MonotonicTime(nanoseconds: 0))
        heartbeat.expect("future", by: .now + .seconds(3600))
        #expect(heartbeat.overdue() == ["past"])
    }
}
