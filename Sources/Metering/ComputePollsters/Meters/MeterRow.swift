// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// One meter as a row of its theme's table: what it needs of libvirt, and how its value is made of that. Nothing to
/// report is nil.
///
/// A subject is what the table is about: a domain, a disk, a network interface.
struct MeterRow<Subject: Sendable>: Sendable {
    /// A subject's figures and when they were read.
    struct Reading: Sendable {
        var subject: Subject
        var at: MonotonicTime
    }

    let meter: Meter
    let groups: StatsGroups
    /// Whether the value is made with the reading before.
    let comparesReadings: Bool
    /// Of this reading and the one before, nil on the first.
    let value: @Sendable (Reading, Reading?) -> Volume?
}

extension MeterRow {
    static func gauge(
        _ name: String, _ unit: String, _ groups: StatsGroups, _ value: @escaping @Sendable (Subject) -> Volume?
    ) -> MeterRow {
        MeterRow(meter: Meter(name, .gauge, unit: unit), groups: groups, comparesReadings: false) { now, _ in
            value(now.subject)
        }
    }

    static func cumulative(
        _ name: String, _ unit: String, _ groups: StatsGroups, _ value: @escaping @Sendable (Subject) -> UInt64?
    ) -> MeterRow {
        MeterRow(meter: Meter(name, .cumulative, unit: unit), groups: groups, comparesReadings: false) { now, _ in
            value(now.subject).map { Volume($0) }
        }
    }

    /// The growth of a counter since the reading before; as Ceilometer has it 0 at first, and the whole counter where
    /// it began anew.
    static func delta(
        _ name: String, _ unit: String, _ groups: StatsGroups, of counter: @escaping @Sendable (Subject) -> UInt64?
    ) -> MeterRow {
        MeterRow(meter: Meter(name, .delta, unit: unit), groups: groups, comparesReadings: true) { now, before in
            guard let count = counter(now.subject) else { return nil }
            guard let earlier = before.flatMap({ counter($0.subject) }) else { return 0 }
            return Volume(count >= earlier ? count - earlier : count)
        }
    }

    /// A value made of two readings: nothing on the first, nor where no time has passed.
    ///
    /// - Parameter value: of this reading's subject, the one before, and the seconds between them.
    static func change(
        _ name: String, _ unit: String, _ groups: StatsGroups,
        _ value: @escaping @Sendable (Subject, Subject, Double) -> Double?
    ) -> MeterRow {
        MeterRow(
            meter: Meter(name, .gauge, unit: unit, needsTwoReadings: true), groups: groups, comparesReadings: true
        ) { now, before in
            guard let before else { return nil }
            let seconds = now.at.seconds(since: before.at)
            return seconds > 0 ? value(now.subject, before.subject, seconds).map { .real($0) } : nil
        }
    }

    /// How fast a counter grows, per second; nothing where it began anew.
    static func rate(
        _ name: String, _ unit: String, _ groups: StatsGroups, of counter: @escaping @Sendable (Subject) -> UInt64?
    ) -> MeterRow {
        change(name, unit, groups) { now, before, seconds in growth(counter(now), counter(before)).map { $0 / seconds }
        }
    }
}

/// How far a counter has come; nil where either reading lacks it, or it went back.
func growth(_ now: UInt64?, _ before: UInt64?) -> Double? {
    guard let now, let before, now >= before else { return nil }
    return Double(now - before)
}
