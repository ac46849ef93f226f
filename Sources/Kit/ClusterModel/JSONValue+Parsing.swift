// SPDX-License-Identifier: Apache-2.0
/// Why a text isn't JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public var message: String
    /// From 1.
    public var line: Int

    public var description: String { "line \(line): \(message)" }
}

extension JSONValue {
    /// Reads one JSON document. Of a key that stands twice in an object, the last one counts.
    public init(parsing json: some StringProtocol) throws(JSONError) {
        var reader = JSONReader(bytes: ContiguousArray(json.utf8))
        self = try reader.document()
    }
}

/// A recursive reader of RFC 8259. Foundation's loses the order of keys, on which the priorities of a zone migration
/// depend.
private struct JSONReader {
    /// Deeper nesting is refused before it can exhaust the stack.
    private static let deepest = 256

    let bytes: ContiguousArray<UInt8>
    var position = 0

    init(bytes: ContiguousArray<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw mistake("more after the end of the document") }
        return value
    }

    private func mistake(_ message: String) -> JSONError {
        JSONError(message: message, line: 1 + bytes.prefix(position).count { $0 == UInt8(ascii: "\n") })
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.deepest else { throw mistake("nested deeper than \(Self.deepest)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw mistake("the document ends where a value should stand")
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard matches else { throw mistake("a word that is none of true, false, null") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        position += 1
        var entries: [(String, JSONValue)] = []
        skipSpace()
        if take("}") { return JSONObject() }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw mistake("an object's key is a text in quotation marks") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw mistake("no colon after the key \"\(key)\"") }
            entries.append((key, try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw mistake("an object without its end") }
        return JSONObject(entries)
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return values }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw mistake("an array without its end") }
        return values
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        var isInteger = true
        while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isInteger = false
            default:
                return try number(from: start, isInteger: isInteger)
            }
            position += 1
        }
        return try number(from: start, isInteger: isInteger)
    }

    private mutating func number(from start: Int, isInteger: Bool) throws(JSONError) -> JSONValue {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, !text.hasPrefix("+"), let integer = Int(text) { return .integer(integer) }
        guard !text.isEmpty, !text.hasPrefix("+"), !text.hasPrefix("."), let real = Double(text), real.isFinite else {
            throw mistake("something that is no JSON value, or a number that does not fit")
        }
        return .real(real)
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position])
        }
        var unescaped = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(unescaped[...])
            case UInt8(ascii: "\\"): unescaped += Array(String(Character(try escape())).utf8)
            default: unescaped.append(byte)
            }
        }
        throw mistake("a text without its end")
    }

    private func text(_ bytes: some Sequence<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw mistake("a text that isn't UTF-8") }
        return text
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = next else { throw mistake("a text without its end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw mistake("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, take("\\"), take("u") else { throw mistake("half a surrogate pair") }
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw mistake("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let unit = UInt32(digits, radix: 16) else {
            throw mistake("\\u without four hexadecimal digits")
        }
        position += 4
        return unit
    }
}
