// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// Which samples of one source came in which of its cycles.
///
/// Cycles are numbered on the source's grid, so that one without any sample has its number too. The first one with a
/// sample is 0; those before it are negative.
struct Ledger {
    /// A sample that may come in each cycle: a meter of a resource.
    struct Key: Hashable {
        var meter: String
        var resource: String

        /// A meter that is made of two readings.
        var isRate: Bool {
            ["_util", ".rate", ".iops", ".latency"].contains { meter.hasSuffix($0) }
        }
    }

    /// A sample that a cycle lacks.
    struct Miss: Hashable {
        var cycle: Int
        var key: Key
    }

    /// Seconds.
    let interval: Int
    private(set) var cycles: [Int: Set<Key>] = [:]
    /// When a cycle's last sample so far was seen.
    private var seen: [Int: Date] = [:]
    /// When cycle 0 began; nil before the first sample.
    private(set) var origin: Date?

    init(interval: Int) { self.interval = interval }

    /// - Parameter now: when we saw it.
    mutating func take(_ reading: SampleReading, at now: Date) {
        let start = origin ?? reading.time
        origin = start
        let cycle = number(at: reading.time, from: start)
        cycles[cycle, default: []].insert(Key(meter: reading.meter, resource: reading.resource))
        seen[cycle] = now
    }

    /// The last cycle that was due at a time; nil before the first sample.
    func cycle(dueAt time: Date) -> Int? {
        origin.map { Int((time.timeIntervalSince($0) / Double(interval)).rounded(.down)) }
    }

    /// A cycle begins when it is due or a little later, and so does the first: up to a quarter of an interval before
    /// its time and three quarters after it, it is still this one.
    private func number(at time: Date, from origin: Date) -> Int {
        Int((time.timeIntervalSince(origin) / Double(interval) + 0.25).rounded(.down))
    }

    func isFull(_ cycle: Int, _ expected: Set<Key>) -> Bool { cycles[cycle]?.isSuperset(of: expected) ?? false }

    /// The last cycle with all of these; nil where none has.
    func lastFull(_ expected: Set<Key>) -> Int? { cycles.keys.sorted(by: >).first { isFull($0, expected) } }

    /// Seconds from a time until the first cycle that had all of these then or later; nil where none has.
    func recovery(of expected: Set<Key>, since time: Date) -> Double? {
        let full = seen.filter { $0.value >= time && isFull($0.key, expected) }
        return full.values.min()?.timeIntervalSince(time)
    }

    func misses(of expected: Set<Key>, in range: ClosedRange<Int>) -> Set<Miss> {
        Set(
            range.flatMap { cycle in
                expected.subtracting(cycles[cycle] ?? []).map { Miss(cycle: cycle, key: $0) }
            })
    }
}

extension Set<Ledger.Miss> {
    var cycles: Set<Int> { Set<Int>(map(\.cycle)) }

    /// The longest time between two samples of one key, in intervals: 1 where none is missing, 2 where one is.
    var longestGap: Int {
        Dictionary(grouping: self, by: \.key).values.reduce(1) { longest, misses in
            let cycles = Set<Int>(misses.map(\.cycle))
            let runs = cycles.filter { !cycles.contains($0 - 1) }.map { first in
                (first...).prefix { cycles.contains($0) }.count
            }
            return Swift.max(longest, 1 + (runs.max() ?? 0))
        }
    }
}
