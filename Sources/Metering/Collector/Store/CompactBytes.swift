// SPDX-License-Identifier: Apache-2.0

/// Appends numbers in few bytes: seven bits a byte, the lowest first (LEB128), signed ones folded so that those near
/// zero are short.
extension [UInt8] {
    mutating func append(varint value: UInt64) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append(signed value: Int64) { append(varint: UInt64(bitPattern: value << 1 ^ value >> 63)) }

    /// Eight bytes, the lowest first.
    mutating func append(fixed value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// One byte that tells how many zero bytes lead and trail, then those between: short for the difference of reals
    /// that share their sign, exponent or last digits.
    mutating func append(trimmed value: UInt64) {
        let leading = value.leadingZeroBitCount / 8
        let trailing = leading == 8 ? 0 : value.trailingZeroBitCount / 8
        append(UInt8(leading << 4 | trailing))
        var rest = value >> UInt64(8 * trailing)
        for _ in 0..<(8 - leading - trailing) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

/// Reads what the functions above wrote, and says where it can't.
struct CompactReader {
    /// Bytes that end too early or mean nothing.
    struct Damage: Error, Hashable {}

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    @inline(__always)
    mutating func byte() throws(Damage) -> UInt8 {
        guard position < bytes.count else { throw Damage() }
        defer { position += 1 }
        return bytes[position]
    }

    @inline(__always)
    mutating func varint() throws(Damage) -> UInt64 {
        let first = try byte()
        // Most numbers are small.
        return first < 0x80 ? UInt64(first) : try rest(of: UInt64(first & 0x7F))
    }

    private mutating func rest(of lowest: UInt64) throws(Damage) -> UInt64 {
        var value = lowest
        var shift: UInt64 = 7
        while true {
            let next = try byte()
            guard shift < 64 else { throw Damage() }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() throws(Damage) -> Int64 {
        let folded = try varint()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    mutating func fixed() throws(Damage) -> UInt64 {
        guard bytes.count - position >= 8 else { throw Damage() }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    mutating func trimmed() throws(Damage) -> UInt64 {
        let head = try byte()
        let (leading, trailing) = (Int(head >> 4), Int(head & 15))
        guard leading + trailing <= 8 else { throw Damage() }
        let length = 8 - leading - trailing
        if bytes.count - position >= 8 {
            let all = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += length
            // A shift by all 64 bits gives 0, which is right for a length of 0.
            return (all << UInt64(64 - 8 * length)) >> UInt64(8 * leading)
        }
        var value: UInt64 = 0
        for index in trailing..<(8 - leading) { value |= UInt64(try byte()) << UInt64(8 * index) }
        return value
    }

    /// A count of things that take at least one bit each: larger ones can't be true.
    mutating func count() throws(Damage) -> Int {
        let count = try varint()
        guard count <= UInt64(bytes.count) * 512 else { throw Damage() }
        return Int(count)
    }
}
