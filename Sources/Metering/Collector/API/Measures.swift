// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// How points are made into one value for each stretch of time.
package enum Aggregate: String, Sendable, CaseIterable {
    case mean, min, max, count
    /// Per second: a counter's growth, or the sum of deltas, by the time it took.
    case rate
}

/// One value for each stretch of time that has points.
package struct Measures: Sendable, Hashable {
    /// Each with its stretch's beginning, in microseconds since 1970; ascending.
    package var values: [(start: Int64, value: Double)] = []

    /// - Parameters:
    ///   - points: sorted by time; for a rate, those before `from` count as what growth is measured from.
    ///   - granularity: of a stretch, in microseconds; stretches begin at multiples of it.
    ///   - from: points before it are in no stretch.
    init(_ points: [Point], _ aggregate: Aggregate, of kind: Meter.Kind, granularity: Int64, from: Int64) {
        switch (aggregate, kind) {
        case (.rate, .cumulative): addGrowth(points, granularity, from)
        case (.rate, _): add(points, granularity, from, 0, +) { sum, _ in sum / (Double(granularity) / 1e6) }
        case (.mean, _): add(points, granularity, from, 0, +) { sum, count in sum / Double(count) }
        case (.min, _): add(points, granularity, from, .infinity, Swift.min) { value, _ in value }
        case (.max, _): add(points, granularity, from, -.infinity, Swift.max) { value, _ in value }
        case (.count, _): add(points, granularity, from, 0, { count, _ in count + 1 }) { count, _ in count }
        }
    }

    private mutating func add(
        _ points: [Point], _ granularity: Int64, _ from: Int64, _ initial: Double,
        _ combine: (Double, Double) -> Double, _ finish: (Double, Int) -> Double
    ) {
        var (start, end, value, count) = (Int64.min, Int64.min, initial, 0)
        for point in points where point.time >= from {
            if point.time >= end {
                if count > 0 { values.append((start, finish(value, count))) }
                start = point.time.floored(to: granularity)
                (end, value, count) = (start + granularity, initial, 0)
            }
            value = combine(value, point.volume.doubleValue)
            count += 1
        }
        if count > 0 { values.append((start, finish(value, count))) }
    }

    /// Each step of the counter belongs to the stretch it ends in. Where the counter fell, it began anew, and nobody
    /// knows how far it had come: that step is left out.
    private mutating func addGrowth(_ points: [Point], _ granularity: Int64, _ from: Int64) {
        var (start, growth, seconds) = (Int64.min, 0.0, 0.0)
        for (before, point) in zip(points, points.dropFirst()) where point.time >= from {
            guard let step = point.volume.growth(since: before.volume), case let time = point.seconds(since: before),
                time > 0
            else { continue }
            let next = point.time.floored(to: granularity)
            if next != start {
                if seconds > 0 { values.append((start, growth / seconds)) }
                (start, growth, seconds) = (next, 0, 0)
            }
            growth += step
            seconds += time
        }
        if seconds > 0 { values.append((start, growth / seconds)) }
    }

    /// A counter's growth per second from one point to the next; nil where it began anew.
    static func rate(from before: Point, to point: Point) -> Double? {
        let seconds = point.seconds(since: before)
        return seconds > 0 ? point.volume.growth(since: before.volume).map { $0 / seconds } : nil
    }

    package static func == (left: Measures, right: Measures) -> Bool {
        left.values.elementsEqual(right.values) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for value in values {
            hasher.combine(value.start)
            hasher.combine(value.value)
        }
    }
}

extension Point {
    /// By the sender's monotonic clock where both have it: it tells when values were read, not only when their cycle
    /// began. Where it differs by more than a minute from the wall clock, it was begun anew in between.
    fileprivate func seconds(since before: Point) -> Double {
        let wall = Double(time - before.time) / 1e6
        guard monotonic != Point.unknown, before.monotonic != Point.unknown, monotonic > before.monotonic else {
            return wall
        }
        let read = Double(monotonic - before.monotonic) / 1e6
        return abs(read - wall) < 60 ? read : wall
    }
}

extension Volume {
    /// nil where it shrank. Whole counters are subtracted whole, as they may be past what a `Double` holds exactly.
    fileprivate func growth(since before: Volume) -> Double? {
        switch (before, self) {
        case (.integer(let old), .integer(let new)):
            let (step, overflow) = new.subtractingReportingOverflow(old)
            return overflow || step < 0 ? nil : Double(step)
        case (.unsigned(let old), .unsigned(let new)): return new < old ? nil : Double(new - old)
        default:
            let step = doubleValue - before.doubleValue
            return step < 0 ? nil : step
        }
    }
}

extension Int64 {
    /// The next multiple at or below.
    func floored(to unit: Int64) -> Int64 {
        let remainder = self % unit
        return self - (remainder < 0 ? remainder + unit : remainder)
    }
}
