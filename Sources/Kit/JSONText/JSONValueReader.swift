// SPDX-License-Identifier: Apache-2.0

extension WireValue {
    /// Reads the one value that a JSON text holds, as RFC 8259 has it: what Python adds (`NaN`, `Infinity`) is refused,
    /// and so is a key that stands twice.
    ///
    /// Foundation's decoder makes no difference between 2 and 2.0, which a signature does, and has no bound on size.
    package init(json bytes: [UInt8], within limits: WireLimits) throws(WireError) {
        try limits.check(bytes.count)
        var reader = JSONValueReader(bytes: bytes, deepest: limits.depth)
        self = try reader.document()
    }
}

struct JSONValueReader {
    let bytes: [UInt8]
    private let deepest: Int
    var index = 0

    init(bytes: [UInt8], deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    func error(_ found: String, _ allowed: String) -> WireError {
        WireError("byte \(index)", found: found, allowed: allowed)
    }

    /// For messages.
    var next: String {
        guard index < bytes.count else { return "the end" }
        let byte = bytes[index]
        return (0x21..<0x7F).contains(byte) ? String(Unicode.Scalar(byte)) : "byte \(byte)"
    }

    var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func document() throws(WireError) -> WireValue {
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw error(next, "the end") }
        return value
    }

    private mutating func value(depth: Int) throws(WireError) -> WireValue {
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try number()
        default:
            for (word, value) in [("null", WireValue.null), ("true", .bool(true)), ("false", .bool(false))]
            where bytes[index...].starts(with: word.utf8) {
                index += word.utf8.count
                return value
            }
            for word in ["NaN", "Infinity"] where bytes[index...].starts(with: word.utf8) {
                throw error(word, "a finite number")
            }
            throw error(next, "a JSON value")
        }
    }

    private mutating func enter(_ depth: Int) throws(WireError) {
        guard depth < deepest else {
            throw error("more than \(deepest) lists and objects inside each other", "at most \(deepest)")
        }
        index += 1
        skipSpace()
    }

    private mutating func array(_ depth: Int) throws(WireError) -> WireValue {
        try enter(depth)
        var items: [WireValue] = []
        if takes("]") { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if takes("]") { return .array(items) }
            guard takes(",") else { throw error(next, ", or ]") }
        }
    }

    private mutating func object(_ depth: Int) throws(WireError) -> WireValue {
        try enter(depth)
        var entries = UniqueEntries()
        if takes("}") { return .object([]) }
        while true {
            skipSpace()
            let start = index
            guard byte == UInt8(ascii: "\"") else { throw error(next, "a key in quotation marks") }
            let key = try string()
            skipSpace()
            guard takes(":") else { throw error(next, ":") }
            guard entries.add(key, try value(depth: depth + 1)) else {
                index = start
                throw error("a key that stands twice", "each key once")
            }
            skipSpace()
            if takes("}") { return .object(entries.entries) }
            guard takes(",") else { throw error(next, ", or }") }
        }
    }

    private mutating func number() throws(WireError) -> WireValue {
        let start = index
        _ = takes("-")
        if takes("I") {
            index = start
            throw error("-Infinity", "a finite number")
        }
        let first = byte
        let whole = skipDigits()
        guard whole > 0, whole == 1 || first != UInt8(ascii: "0") else {
            throw error(next, "digits, 0 first only alone")
        }
        var isReal = false
        if takes(".") {
            isReal = true
            guard skipDigits() > 0 else { throw error(next, "digits") }
        }
        if takes("e") || takes("E") {
            isReal = true
            if !takes("+") { _ = takes("-") }
            guard skipDigits() > 0 else { throw error(next, "digits") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if !isReal, let integer = Int128(text) { return .integer(integer) }
        guard isReal, let real = Double(text), real.isFinite else {
            index = start
            throw error("a number past all that are carried", "at most 38 digits, or a real up to 1.8e308")
        }
        return .real(real)
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index - start
    }
}
