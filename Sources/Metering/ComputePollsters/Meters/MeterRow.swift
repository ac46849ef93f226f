// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// One meter as a row of its theme's table: what it needs of libvirt, and how its value is made of that. Nothing to
/// report is nil.
///
/// A class, since every sample passes through a row, and a copy of one would cost more than the value.
final class MeterRow: Sendable {
    typealias Counter = @Sendable (MeterSubject) -> UInt64?

    let meter: Meter
    let groups: StatsGroups
    /// Of this reading and the one before, nil on the first.
    let value: @Sendable (MeterSubject, MeterSubject?) -> Volume?

    init(
        _ meter: Meter, _ groups: StatsGroups,
        value: @escaping @Sendable (MeterSubject, MeterSubject?) -> Volume?
    ) {
        self.meter = meter
        self.groups = groups
        self.value = value
    }
}

extension MeterRow {
    static func gauge(
        _ name: String, _ unit: String, _ groups: StatsGroups, _ value: @escaping @Sendable (MeterSubject) -> Volume?
    ) -> MeterRow {
        MeterRow(Meter(name, .gauge, unit: unit), groups) { now, _ in value(now) }
    }

    static func cumulative(
        _ name: String, _ unit: String, _ groups: StatsGroups, _ counter: @escaping Counter
    ) -> MeterRow {
        MeterRow(Meter(name, .cumulative, unit: unit), groups) { now, _ in counter(now).map { Volume($0) } }
    }

    /// The growth of a counter since the reading before; as Ceilometer has it 0 at first, and the whole counter where
    /// it began anew.
    static func delta(
        _ name: String, _ unit: String, _ groups: StatsGroups, of counter: @escaping Counter
    ) -> MeterRow {
        MeterRow(Meter(name, .delta, unit: unit), groups) { now, before in
            guard let count = counter(now) else { return nil }
            guard let earlier = before.flatMap({ counter($0) }) else { return 0 }
            return Volume(count >= earlier ? count - earlier : count)
        }
    }

    /// A value made of two readings: nothing on the first, nor where no time has passed.
    ///
    /// - Parameter value: of this reading, the one before, and the seconds between them.
    static func change(
        _ name: String, _ unit: String, _ groups: StatsGroups,
        _ value: @escaping @Sendable (MeterSubject, MeterSubject, Double) -> Double?
    ) -> MeterRow {
        MeterRow(Meter(name, .gauge, unit: unit, needsTwoReadings: true), groups) {
            now, before in
            guard let before else { return nil }
            let seconds = now.readAt.seconds(since: before.readAt)
            return seconds > 0 ? value(now, before, seconds).map { .real($0) } : nil
        }
    }

    /// How fast a counter grows, per second; nothing where it began anew.
    static func rate(
        _ name: String, _ unit: String, _ groups: StatsGroups, of counter: @escaping Counter
    ) -> MeterRow {
        change(name, unit, groups) { now, before, seconds in
            growth(counter(now), counter(before)).map { $0 / seconds }
        }
    }
}

/// How far a counter has come; nil where either reading lacks it, or it went back.
func growth(_ now: UInt64?, _ before: UInt64?) -> Double? {
    guard let now, let before, now >= before else { return nil }
    return Double(now - before)
}
