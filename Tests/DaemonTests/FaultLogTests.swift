// SPDX-License-Identifier: Apache-2.0
import Daemon
import TestSupport
import Testing

@Suite struct FaultLogTests {
    private struct Refused: Error, CustomStringConvertible {
        var description: String { "connection refused" }
    }

    private let log = LogMemory()
    private let faults: FaultLog

    init() { faults = FaultLog(log: log.logger) }

    @Test func whatWorksIsNotSaid() {
        faults.note("pollster cpu", nil)
        faults.note("pollster cpu", nil)
        #expect(log.lines == [])
    }

    @Test func aFailureIsAnErrorOnceAndThenDetail() {
        for _ in 1...3 { faults.note("pollster cpu", Refused()) }
        #expect(
            log.lines == [
                "error: pollster cpu fails; trying again each cycle cycles=1 error=connection refused",
                "debug: pollster cpu fails; trying again each cycle cycles=2 error=connection refused",
                "debug: pollster cpu fails; trying again each cycle cycles=3 error=connection refused",
            ])
    }

    @Test func itsEndIsSaidOnceWithWhatWasMissed() {
        for _ in 1...3 { faults.note("pollster cpu", Refused()) }
        faults.note("pollster cpu", nil)
        faults.note("pollster cpu", nil)
        #expect(log.lines.dropFirst(3) == ["notice: pollster cpu works again cycles missed=3"])
    }

    @Test func aNewFailureIsAnErrorAgain() {
        for error in [Refused(), nil, Refused()] as [Refused?] { faults.note("pollster cpu", error) }
        #expect(log.lines.map { $0.prefix(6) } == ["error:", "notice", "error:"])
    }

    @Test func eachThingFailsForItself() {
        faults.note("pollster cpu", Refused())
        faults.note("pollster disk", Refused())
        faults.note("pollster disk", nil)
        #expect(log.lines.map { $0.prefix(6) } == ["error:", "error:", "notice"])
    }

    @Test func whatBearsTheSameNameIsToldApartByItsContext() {
        for _ in 1...2 {
            faults.note("pollster cpu", in: "every 10 s", Refused())
            faults.note("pollster cpu", in: "every 60 s", nil)
        }
        #expect(
            log.lines == [
                "error: pollster cpu fails; trying again each cycle context=every 10 s cycles=1 "
                    + "error=connection refused",
                "debug: pollster cpu fails; trying again each cycle context=every 10 s cycles=2 "
                    + "error=connection refused",
            ])
    }
}
