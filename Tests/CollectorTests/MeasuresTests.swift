// SPDX-License-Identifier: Apache-2.0
import Telemetry
import Testing

@testable import Collector

@Suite struct MeasuresTests {
    private func points(_ values: [(Int64, Volume)]) -> [Point] {
        values.map { Point(time: $0 * 1_000_000, volume: $1) }
    }

    /// Seconds and values.
    private func measures(
        _ points: [Point], _ aggregate: Aggregate, of kind: Meter.Kind = .gauge, granularity: Int64 = 60,
        from: Int64 = 0
    ) -> [Int64: Double] {
        let measures = Measures(
            points, aggregate, of: kind, granularity: granularity * 1_000_000, from: from * 1_000_000)
        return Dictionary(uniqueKeysWithValues: measures.values.map { ($0.start / 1_000_000, $0.value) })
    }

    @Test(arguments: [
        (Aggregate.mean, [Int64(0): 15.0, 60: 4]), (.min, [0: 10, 60: 4]), (.max, [0: 20, 60: 4]),
        (.count, [0: 2, 60: 1]),
    ])
    func eachStretchHasOneValue(aggregate: Aggregate, expected: [Int64: Double]) {
        #expect(measures(points([(0, 10), (59, 20), (60, 4)]), aggregate) == expected)
    }

    @Test func aStretchWithoutSamplesHasNone() {
        #expect(measures(points([(30, 1), (300, 2)]), .mean) == [0: 1, 300: 2])
    }

    @Test func stretchesBeginAtMultiplesOfTheirLengthBefore1970Too() {
        #expect(measures(points([(-61, 1), (-60, 2), (-1, 4)]), .mean, from: -1000) == [-120: 1, -60: 3])
    }

    @Test func aCounterGrowsByItsStepsPerSecond() {
        let counter = points([(0, 100), (10, 200), (20, 400), (60, 400), (70, 500)])
        #expect(measures(counter, .rate, of: .cumulative) == [0: 15, 60: 2])
    }

    @Test func aCountersFirstStepBeginsBeforeTheRange() {
        let counter = points([(50, 100), (60, 200), (70, 400)])
        #expect(measures(counter, .rate, of: .cumulative, from: 60) == [60: 15])
    }

    @Test func aCounterThatBeganAnewLosesOnlyThatStep() {
        let counter = points([(0, 1000), (10, 1100), (20, 5), (30, 55)])
        #expect(measures(counter, .rate, of: .cumulative) == [0: 7.5])
    }

    @Test func aCounterPastWhatARealHoldsIsSubtractedWhole() {
        let counter = points([(0, Volume(UInt64.max - 100)), (10, Volume(UInt64.max - 50))])
        #expect(measures(counter, .rate, of: .cumulative) == [0: 5])
    }

    @Test func aCountersTimeIsThatOfItsReading() {
        let counter = [
            Point(time: 0, volume: 0, monotonic: 500_000_000),
            Point(time: 10_000_000, volume: 100, monotonic: 512_500_000),
        ]
        #expect(measures(counter, .rate, of: .cumulative) == [0: 8])
    }

    @Test func aMonotonicClockThatBeganAnewIsNotUsed() {
        let counter = [
            Point(time: 0, volume: 0, monotonic: 1_000_000),
            Point(time: 10_000_000, volume: 100, monotonic: 900_000_000),
        ]
        #expect(measures(counter, .rate, of: .cumulative) == [0: 10])
    }

    @Test func deltasAddUpToARate() {
        #expect(measures(points([(0, 30), (30, 60), (61, 6)]), .rate, of: .delta) == [0: 1.5, 60: 0.1])
    }

    @Test func noPointsGiveNothing() {
        for aggregate in Aggregate.allCases { #expect(measures([], aggregate, of: .cumulative) == [:]) }
    }
}
