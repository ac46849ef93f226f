// SPDX-License-Identifier: Apache-2.0

/// Fields of a message in protocol buffers' binary form. Writing four small messages takes these few lines; a library
/// and generated code would add megabytes to a program that runs on every compute host.
extension [UInt8] {
    package mutating func appendProtobuf(_ field: Int, _ text: String) { appendProtobuf(field, Array(text.utf8)) }

    /// Bytes, a text or a message.
    package mutating func appendProtobuf(_ field: Int, _ bytes: [UInt8]) {
        appendVarint(UInt64(field) << 3 | 2)
        appendVarint(UInt64(bytes.count))
        self += bytes
    }

    /// An `int32`, an `int64` or an enumeration's value; zero is left out, as it is what a missing field means.
    package mutating func appendProtobuf(_ field: Int, _ integer: Int64) {
        guard integer != 0 else { return }
        appendVarint(UInt64(field) << 3)
        appendVarint(UInt64(bitPattern: integer))
    }

    package mutating func appendProtobuf(_ field: Int, _ real: Double) {
        guard real.bitPattern != 0 else { return }
        appendVarint(UInt64(field) << 3 | 1)
        for shift in stride(from: 0, to: 64, by: 8) { append(UInt8(truncatingIfNeeded: real.bitPattern >> shift)) }
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
