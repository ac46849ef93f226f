// SPDX-License-Identifier: Apache-2.0
package import Pipelines
internal import Synchronization
internal import Telemetry

/// The latest samples of each pollster, for those who come to fetch them.
///
/// A resource that a pollster no longer finds is gone with its next reading. Where a reading fails, the one before
/// holds for three intervals: a scraper sees no gap for a libvirtd that restarts, and no old figures for a day.
package final class ExposedSamples: ReadingObserver {
    struct Reading: Sendable {
        var origin: String
        var interval: Int
        var samples: [Sample]
        var expiry: MonotonicTime
    }

    /// Readings of an origin that were not whole may stand beside each other so often.
    private static let mostPartial = 3

    private let readings = Mutex<[String: [Reading]]>([:])

    package init() {}

    package func note(_ reading: PollsterReading) { note(reading, at: .now) }

    func note(_ reading: PollsterReading, at now: MonotonicTime) {
        let key = "\(reading.interval) \(reading.origin)"
        let new = Reading(
            origin: reading.origin, interval: reading.interval,
            // What no wire carries is counted where it would be sent.
            samples: reading.samples.filter(\.volume.isFinite), expiry: now + .seconds(3 * reading.interval))
        readings.withLock { readings in
            readings[key] = reading.isWhole ? [new] : (readings[key] ?? []).suffix(Self.mostPartial - 1) + [new]
        }
    }

    /// What holds now, the newest first.
    func current(at now: MonotonicTime = .now) -> [Reading] {
        readings.withLock { readings in
            readings = readings.mapValues { $0.filter { $0.expiry > now } }.filter { !$0.value.isEmpty }
            return readings.values.joined().sorted {
                ($1.samples.first?.timestamp ?? .init(microseconds: 0), $0.origin)
                    < ($0.samples.first?.timestamp ?? .init(microseconds: 0), $1.origin)
            }
        }
    }
}
