// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Points of one series as bytes, column by column, so that what repeats costs next to nothing: times as differences
/// of differences, counters as differences, reals as what changed in their bits, metadata and kinds of numbers as runs.
///
/// Message ids are left out: in a block, time tells points apart.
enum BlockCoding {
    /// The first byte, so that a later form can be told from this one.
    private static let form: UInt8 = 1
    private static let integer: UInt8 = 0
    private static let unsigned: UInt8 = 1
    private static let real: UInt8 = 2

    /// - Precondition: sorted by time, at least one.
    static func encode(_ points: some RandomAccessCollection<Point>) -> [UInt8] {
        var bytes: [UInt8] = [form]
        bytes.reserveCapacity(16 + points.count * 8)
        bytes.append(varint: UInt64(points.count))
        appendTimes(points, to: &bytes)
        appendRuns(points, to: &bytes) { $0.volume.kindByte }
        appendVolumes(points, to: &bytes)
        appendRuns(points, to: &bytes) { $0.metadata }
        appendRuns(points, to: &bytes) { $0.monotonic == Point.unknown ? UInt8(0) : 1 }
        var lag: Int64 = 0
        for point in points where point.monotonic != Point.unknown {
            let next = point.monotonic &- point.time
            bytes.append(signed: next &- lag)
            lag = next
        }
        return bytes
    }

    /// - Parameter isWhole: false where times and volumes are enough, which come first.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, isWhole: Bool = true
    ) throws(CompactReader.Damage) -> [Point] {
        var reader = CompactReader(bytes)
        guard try reader.byte() == form else { throw CompactReader.Damage() }
        let count = try reader.count()
        var points: [Point] = []
        points.reserveCapacity(count)
        var (time, step): (Int64, Int64) = (0, 0)
        for _ in 0..<count {
            step &+= try reader.signed()
            time &+= step
            points.append(Point(time: time, volume: 0))
        }
        try readVolumes(&reader, &points)
        if !isWhole { return points }
        try readRuns(&reader, count) { points[$0].metadata = Int32(truncatingIfNeeded: $1) }
        try readRuns(&reader, count) { points[$0].monotonic = $1 == 0 ? Point.unknown : 0 }
        var lag: Int64 = 0
        for index in 0..<count where points[index].monotonic != Point.unknown {
            lag &+= try reader.signed()
            points[index].monotonic = points[index].time &+ lag
        }
        guard reader.isAtEnd else { throw CompactReader.Damage() }
        return points
    }

    private static func readVolumes(
        _ reader: inout CompactReader, _ points: inout [Point]
    ) throws(CompactReader.Damage) {
        var kinds = [UInt8](repeating: integer, count: points.count)
        try readRuns(&reader, points.count) { kinds[$0] = UInt8(truncatingIfNeeded: $1) }
        var (whole, bits): (UInt64, UInt64) = (0, 0)
        for index in points.indices {
            switch kinds[index] {
            case integer:
                whole &+= UInt64(bitPattern: try reader.signed())
                points[index].volume = .integer(Int64(bitPattern: whole))
            case unsigned:
                whole &+= UInt64(bitPattern: try reader.signed())
                points[index].volume = Volume(whole)
            case real:
                bits ^= try reader.trimmed()
                points[index].volume = .real(Double(bitPattern: bits))
            default: throw CompactReader.Damage()
            }
        }
    }

    private static func appendTimes(_ points: some Collection<Point>, to bytes: inout [UInt8]) {
        var (time, step): (Int64, Int64) = (0, 0)
        for point in points {
            let next = point.time &- time
            bytes.append(signed: next &- step)
            (time, step) = (point.time, next)
        }
    }

    private static func appendVolumes(_ points: some Collection<Point>, to bytes: inout [UInt8]) {
        var (whole, bits): (UInt64, UInt64) = (0, 0)
        for point in points {
            switch point.volume {
            case .integer(let value):
                let next = UInt64(bitPattern: value)
                bytes.append(signed: Int64(bitPattern: next &- whole))
                whole = next
            case .unsigned(let next):
                bytes.append(signed: Int64(bitPattern: next &- whole))
                whole = next
            case .real(let value):
                bytes.append(trimmed: value.bitPattern ^ bits)
                bits = value.bitPattern
            }
        }
    }

    /// Pairs of a value and how many points in a row have it.
    private static func appendRuns<Value: BinaryInteger>(
        _ points: some Collection<Point>, to bytes: inout [UInt8], value: (Point) -> Value
    ) {
        var run: (value: Value, count: UInt64)?
        for point in points {
            let next = value(point)
            if let current = run, current.value == next {
                run?.count += 1
            } else {
                if let run { bytes.append(run: UInt64(run.value), run.count) }
                run = (next, 1)
            }
        }
        if let run { bytes.append(run: UInt64(run.value), run.count) }
    }

    private static func readRuns(
        _ reader: inout CompactReader, _ count: Int, _ set: (_ index: Int, _ value: UInt64) -> Void
    ) throws(CompactReader.Damage) {
        var index = 0
        while index < count {
            let value = try reader.varint()
            let length = try reader.varint()
            guard length > 0, length <= UInt64(count - index) else { throw CompactReader.Damage() }
            for _ in 0..<Int(length) {
                set(index, value)
                index += 1
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(run value: UInt64, _ count: UInt64) {
        append(varint: value)
        append(varint: count)
    }
}

extension Volume {
    fileprivate var kindByte: UInt8 {
        switch self {
        case .integer: 0
        case .unsigned: 1
        case .real: 2
        }
    }
}
