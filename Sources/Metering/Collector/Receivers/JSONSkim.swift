// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Finds where JSON values begin and end, without reading what they say; what it passes may still be no JSON, which the
/// decoder finds out.
struct JSONSkim {
    struct Failure: Error, Hashable {
        /// In bytes from the beginning.
        var position: Int
        var reason: String
    }

    /// Deeper ones are refused; samples have five levels or so.
    private static let deepest = 60

    let bytes: UnsafeRawBufferPointer
    var position: Int

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next byte that isn't white space; nil at the end.
    mutating func peek() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            case let byte: return byte
            }
        }
        return nil
    }

    mutating func take(_ expected: Unicode.Scalar) throws(Failure) {
        guard peek() == UInt8(ascii: expected) else { throw failure("\(expected) is missing") }
        position += 1
    }

    /// Takes a byte if it comes next.
    mutating func takes(_ wanted: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    /// A string's content, without its quotation marks and with its escapes.
    mutating func string() throws(Failure) -> Range<Int> {
        try take("\"")
        let start = position
        while let base = bytes.baseAddress,
            let found = memchr(base + position, Int32(UInt8(ascii: "\"")), bytes.count - position)
        {
            let end = UnsafeRawPointer(found) - base
            var escapes = end
            while escapes > start, bytes[escapes - 1] == UInt8(ascii: "\\") { escapes -= 1 }
            position = end + 1
            if (end - escapes).isMultiple(of: 2) { return start..<end }
        }
        position = bytes.count
        throw failure("a string has no end")
    }

    /// A whole value of any kind.
    mutating func value() throws(Failure) -> Range<Int> {
        guard let first = peek() else { throw failure("a value is missing") }
        let start = position
        switch first {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try container()
        default: try word()
        }
        return start..<position
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() throws(Failure) {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
                position += 1
            default:
                if position == start { throw failure("a value is missing") }
                return
            }
        }
        if position == start { throw failure("a value is missing") }
    }

    /// Without recursion, so that depth costs no stack.
    private mutating func container() throws(Failure) {
        var open: UInt64 = 0  // a bit a level: 1 for an object
        var depth = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < Self.deepest else { throw failure("values are nested more than \(Self.deepest) deep") }
                open = open << 1 | (bytes[position] == UInt8(ascii: "{") ? 1 : 0)
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open & 1 == (bytes[position] == UInt8(ascii: "}") ? 1 : 0) else {
                    throw failure("a bracket is closed by one of another kind")
                }
                open >>= 1
                depth -= 1
                position += 1
                if depth == 0 { return }
            default: position += 1
            }
        }
        throw failure("a bracket is never closed")
    }

    func failure(_ reason: String) -> Failure { Failure(position: position, reason: reason) }
}
