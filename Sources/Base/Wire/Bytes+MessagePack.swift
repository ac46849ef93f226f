// SPDX-License-Identifier: Apache-2.0

/// Appends MessagePack as Python's `packb(use_bin_type=True)` writes it: each value in the shortest form, reals in 64
/// bits.
extension [UInt8] {
    package mutating func appendMessagePack(_ value: WireValue) {
        switch value {
        case .null: append(0xC0)
        case .bool(let bool): append(bool ? 0xC3 : 0xC2)
        case .integer(let integer): appendMessagePack(integer)
        case .real(let real): append(0xCB, real.bitPattern, bytes: 8)
        case .string(let string): appendMessagePack(string)
        case .binary(let binary):
            append(count: binary.count, short: nil, byte: 0xC4)
            append(contentsOf: binary)
        case .array(let items):
            append(count: items.count, short: (0x90, 15), byte: nil, word: 0xDC)
            for item in items { appendMessagePack(item) }
        case .object(let entries):
            appendMessagePack(mapOf: entries.count)
            for entry in entries {
                appendMessagePack(entry.key)
                appendMessagePack(entry.value)
            }
        }
    }

    /// The head of a map; its keys and values follow.
    mutating func appendMessagePack(mapOf count: Int) {
        append(count: count, short: (0x80, 15), byte: nil, word: 0xDE)
    }

    mutating func appendMessagePack(_ text: String?) {
        guard var text else { return append(0xC0) }
        text.withUTF8 { utf8 in
            append(count: utf8.count, short: (0xA0, 31), byte: 0xD9)
            append(contentsOf: utf8)
        }
    }

    /// What has no 64 bits, MessagePack has no whole number for: it goes as the nearest real.
    mutating func appendMessagePack(_ integer: Int128) {
        switch integer {
        case 0...0x7F: append(UInt8(integer))
        case -32..<0: append(UInt8(bitPattern: Int8(integer)))
        case 0x80...0xFF: append(0xCC, UInt64(integer), bytes: 1)
        case 0x100...0xFFFF: append(0xCD, UInt64(integer), bytes: 2)
        case 0x1_0000...0xFFFF_FFFF: append(0xCE, UInt64(integer), bytes: 4)
        case 0x1_0000_0000...Int128(UInt64.max): append(0xCF, UInt64(integer), bytes: 8)
        case -0x80 ..< -32: append(0xD0, UInt64(truncatingIfNeeded: integer), bytes: 1)
        case -0x8000 ..< -0x80: append(0xD1, UInt64(truncatingIfNeeded: integer), bytes: 2)
        case -0x8000_0000 ..< -0x8000: append(0xD2, UInt64(truncatingIfNeeded: integer), bytes: 4)
        case Int128(Int64.min) ..< -0x8000_0000: append(0xD3, UInt64(truncatingIfNeeded: integer), bytes: 8)
        default: append(0xCB, Double(integer).bitPattern, bytes: 8)
        }
    }

    /// The lowest bytes of a number, the highest of them first.
    private mutating func append(_ tag: UInt8, _ number: UInt64, bytes: Int) {
        append(tag)
        for index in (0..<bytes).reversed() { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    /// - Parameter short: the tag that holds the count itself, and the largest that it holds.
    /// - Parameter byte: the tag before a count of one byte; those of two and four follow it.
    /// - Parameter word: the tag before a count of two bytes, where there is none of one.
    private mutating func append(count: Int, short: (tag: UInt8, most: Int)?, byte: UInt8?, word: UInt8 = 0) {
        let word = byte.map { $0 + 1 } ?? word
        if let short, count <= short.most {
            append(short.tag | UInt8(count))
        } else if let byte, count <= 0xFF {
            append(byte, UInt64(count), bytes: 1)
        } else if count <= 0xFFFF {
            append(word, UInt64(count), bytes: 2)
        } else {
            append(word + 1, UInt64(count), bytes: 4)
        }
    }
}
