// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

/// The text forms in which the older system writes values into its XML: what Python's `str()` gives.
enum PythonLiteral {
    /// `True`, `None`, `1.0`, `{'a': [1, 'x']}`; a text at the top stands without quotation marks.
    static func text(_ value: JSONValue) -> String {
        if case .string(let string) = value { return string }
        var text = ""
        write(value, to: &text)
        return text
    }

    private static func write(_ value: JSONValue, to text: inout String) {
        switch value {
        case .null: text += "None"
        case .bool(let bool): text += bool ? "True" : "False"
        case .integer(let integer): text += String(integer)
        case .real(let real): text += "\(real)"
        case .string(let string): write(string, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += ", " }
                write(value, to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{"
            for (index, entry) in object.entries.enumerated() {
                if index > 0 { text += ", " }
                write(entry.key, to: &text)
                text += ": "
                write(entry.value, to: &text)
            }
            text += "}"
        }
    }

    /// In single quotation marks, or in double ones where that saves escaping.
    private static func write(_ string: String, to text: inout String) {
        let mark: Unicode.Scalar = string.contains("'") && !string.contains("\"") ? "\"" : "'"
        text.unicodeScalars.append(mark)
        for scalar in string.unicodeScalars {
            switch scalar {
            case mark, "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\x\(digits.count < 2 ? "0" : "")\(digits)"
            default: text.unicodeScalars.append(scalar)
            }
        }
        text.unicodeScalars.append(mark)
    }

    /// Reads what ``text(_:)`` writes of lists and dictionaries, and JSON as well; nil for anything else.
    static func value(_ text: String) -> JSONValue? {
        var reader = LiteralReader(text)
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        return value
    }
}

private struct LiteralReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return position == bytes.count
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    mutating func value(depth: Int) -> JSONValue? {
        guard depth < 64 else { return nil }
        if take("{") { return object(depth: depth) }
        if take("[") { return list(until: "]", depth: depth) }
        if take("(") { return list(until: ")", depth: depth) }
        if take("'") { return string(until: UInt8(ascii: "'")).map(JSONValue.string) }
        if take("\"") { return string(until: UInt8(ascii: "\"")).map(JSONValue.string) }
        let start = position
        while position < bytes.count, !",:]}) \n\t\r".utf8.contains(bytes[position]) { position += 1 }
        switch String(decoding: bytes[start..<position], as: UTF8.self) {
        case "True", "true": return .bool(true)
        case "False", "false": return .bool(false)
        case "None", "null": return .null
        case let number: return Int(number).map(JSONValue.integer) ?? Double(number).map(JSONValue.real)
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var pairs: [(String, JSONValue)] = []
        while !take("}") {
            guard pairs.isEmpty || take(","), let key = value(depth: depth + 1), take(":"),
                let value = value(depth: depth + 1)
            else { return nil }
            pairs.append((PythonLiteral.text(key), value))
        }
        return .object(JSONObject(pairs))
    }

    private mutating func list(until end: Unicode.Scalar, depth: Int) -> JSONValue? {
        var values: [JSONValue] = []
        while !take(end) {
            guard values.isEmpty || take(",") else { return nil }
            if !values.isEmpty, take(end) { break }
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
        }
        return .array(values)
    }

    private mutating func string(until mark: UInt8) -> String? {
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case mark: return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text += Array(String(Character(scalar)).utf8)
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "x"): return hexadecimal(2).flatMap(Unicode.Scalar.init)
        case UInt8(ascii: "U"): return hexadecimal(8).flatMap(Unicode.Scalar.init)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal(4) else { return nil }
            guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
            // JSON writes what is beyond four digits as a pair.
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\") else { return nil }
            position += 2
            guard let low = hexadecimal(4), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        default: return Unicode.Scalar(byte)
        }
    }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        guard position + count <= bytes.count else { return nil }
        defer { position += count }
        return UInt32(String(decoding: bytes[position..<position + count], as: UTF8.self), radix: 16)
    }
}
