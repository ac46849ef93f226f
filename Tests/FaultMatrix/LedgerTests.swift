// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What the matrix calls missing; these run always.
@Suite struct LedgerTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)
    private let one = HypervisorLab.uuid(1)
    private let two = HypervisorLab.uuid(2)

    private func key(_ domain: String) -> Ledger.Key { .init(meter: "cpu", resource: domain) }

    /// Of a source that polls every 2 s: the times, in seconds, of its samples, by domain; each seen 0.1 s later.
    private func ledger(_ samples: KeyValuePairs<String, [Double]>) -> Ledger {
        let readings = samples.flatMap { domain, times in
            times.map {
                SampleReading(meter: "cpu", resource: domain, volume: 1, time: start.addingTimeInterval($0))
            }
        }
        var ledger = Ledger(interval: 2)
        for reading in readings.sorted(by: { $0.time < $1.time }) {
            ledger.take(reading, at: reading.time.addingTimeInterval(0.1))
        }
        return ledger
    }

    @Test func aCycleWithoutSamplesIsMissed() {
        let ledger = ledger([one: [0, 2, 6, 8]])
        let misses = ledger.misses(of: [key(one)], in: 0...4)
        #expect(misses == [.init(cycle: 2, key: key(one))])
        #expect(misses.longestGap == 2)
    }

    @Test func aDomainThatACycleLacksIsMissed() {
        let misses = ledger([one: [0, 2, 4, 6], two: [0, 6]]).misses(of: [key(one), key(two)], in: 0...3)
        #expect(misses.cycles == [1, 2])
        #expect(misses.map(\.key) == [key(two), key(two)])
        #expect(misses.longestGap == 3)
    }

    @Test func missesOfDifferentDomainsAreNoGapTogether() {
        let misses = ledger([one: [0, 4], two: [0, 2]]).misses(of: [key(one), key(two)], in: 0...2)
        #expect(misses.cycles == [1, 2])
        #expect(misses.longestGap == 2)
    }

    @Test func aLateCycleIsStillItself() {
        // The first was half a second late, the third a second.
        #expect(ledger([one: [0.5, 2, 5, 6.1]]).misses(of: [key(one)], in: 0...2).isEmpty)
    }

    @Test func cyclesBeforeTheFirstSampleAreCounted() throws {
        let ledger = ledger([one: [0, 2]])
        let first = try #require(ledger.cycle(dueAt: start.addingTimeInterval(-19.9)))
        #expect(ledger.misses(of: [key(one)], in: first...1).cycles == Set(-10 ... -1))
    }

    @Test func recoveryIsTheFirstFullCycleSeenAfterwards() {
        let ledger = ledger([one: [0, 2, 4, 6, 8], two: [0, 6, 8]])
        #expect(ledger.lastFull([key(one), key(two)]) == 4)
        let recovery = ledger.recovery(of: [key(one), key(two)], since: start.addingTimeInterval(3))
        #expect(abs((recovery ?? 0) - 3.1) < 0.001)
    }

    @Test func disksAndInterfacesBelongToTheirDomain() {
        for resource in [two, "\(two)-vda", "instance-00000002-\(two)-tap00000002"] {
            #expect(key(resource).domain == two)
        }
    }

    @Test func whatIsMissingBeyondTheAllowedIsTold() {
        let misses = ledger([one: [0, 2, 8], two: [0, 8]]).misses(of: [key(one), key(two)], in: 0...4)
        let share = Loss.Share(name: "all", interval: 2, duringFault: 2...3, misses: misses)
        let loss = Loss(shares: [share], recovery: 0, log: [])
        #expect(loss.words == "3 cycles of 2 s, 5 samples of 2 domains")
        let beyond = loss.beyond { $0.duringFault.contains($1.cycle) }
        #expect(beyond.words == "1 cycle of 2 s, 1 sample of 1 domain")
        #expect(loss.beyond { _, _ in true }.words == Loss.nothing)
    }
}
