// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What one transaction took in, as bytes: points of many series in the order they came, with their message ids.
enum JournalCoding {
    private static let form: UInt8 = 1
    /// In the byte that begins a point: the kind of its number, and whether the monotonic clock is known.
    private static let hasMonotonic: UInt8 = 4

    static func encode(_ arrivals: [Arrival]) -> [UInt8] {
        var bytes: [UInt8] = [form]
        bytes.reserveCapacity(16 + arrivals.count * 28)
        bytes.append(varint: UInt64(arrivals.count))
        var (time, lag, metadata): (Int64, Int64, Int32) = (0, 0, 0)
        for arrival in arrivals {
            let point = arrival.point
            let isTimed = point.monotonic != Point.unknown
            let flags = isTimed ? hasMonotonic : 0
            switch point.volume {
            case .integer(let value):
                bytes.append(0 | flags)
                bytes.append(signed: value)
            case .unsigned(let value):
                bytes.append(1 | flags)
                bytes.append(fixed: value)
            case .real(let value):
                bytes.append(2 | flags)
                bytes.append(fixed: value.bitPattern)
            }
            bytes.append(varint: UInt64(UInt32(bitPattern: arrival.series)))
            bytes.append(signed: point.time &- time)
            time = point.time
            bytes.append(signed: Int64(point.metadata &- metadata))
            metadata = point.metadata
            if isTimed {
                let next = point.monotonic &- point.time
                bytes.append(signed: next &- lag)
                lag = next
            }
            bytes.append(fixed: point.id)
        }
        return bytes
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(CompactReader.Damage) -> [Arrival] {
        var reader = CompactReader(bytes)
        guard try reader.byte() == form else { throw CompactReader.Damage() }
        let count = try reader.count()
        var arrivals: [Arrival] = []
        arrivals.reserveCapacity(count)
        var (time, lag, metadata): (Int64, Int64, Int32) = (0, 0, 0)
        for _ in 0..<count {
            let head = try reader.byte()
            let volume: Volume
            switch head & 3 {
            case 0: volume = .integer(try reader.signed())
            case 1: volume = Volume(try reader.fixed())
            case 2: volume = .real(Double(bitPattern: try reader.fixed()))
            default: throw CompactReader.Damage()
            }
            let series = Int32(truncatingIfNeeded: try reader.varint())
            time &+= try reader.signed()
            metadata &+= Int32(truncatingIfNeeded: try reader.signed())
            var monotonic = Point.unknown
            if head & hasMonotonic != 0 {
                lag &+= try reader.signed()
                monotonic = time &+ lag
            }
            let point = Point(
                time: time, volume: volume, metadata: metadata, monotonic: monotonic, id: try reader.fixed())
            arrivals.append(Arrival(series: series, point: point))
        }
        guard reader.isAtEnd else { throw CompactReader.Damage() }
        return arrivals
    }
}
