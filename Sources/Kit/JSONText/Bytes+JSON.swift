// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Appends JSON as UTF-8 bytes, keys in the order given, without white space. Numbers keep every digit: integers
/// whole, reals with the fewest digits that read back the same.
extension [UInt8] {
    package mutating func appendJSON(_ volume: Volume) {
        switch volume {
        case .integer(let value): appendJSON(value)
        case .unsigned(let value): append(contentsOf: value.description.utf8)
        case .real(let value): appendJSON(value)
        }
    }

    package mutating func appendJSON(_ text: String?) {
        guard var text else { return append("null") }
        append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            // Most texts need no escape, and go in whole.
            if utf8.contains(where: \.needsEscape) {
                for byte in utf8 { append(escaping: byte) }
            } else {
                append(contentsOf: utf8)
            }
        }
        append(UInt8(ascii: "\""))
    }

    package mutating func appendJSON(_ metadata: Metadata) {
        append(UInt8(ascii: "{"))
        var isFirst = true
        for entry in metadata.entries {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            appendJSON(entry.key)
            append(UInt8(ascii: ":"))
            appendJSON(entry.value)
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func appendJSON(_ value: Metadata.Value) {
        switch value {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): appendJSON(integer)
        case .real(let real): appendJSON(real)
        case .string(let string): appendJSON(string)
        case .object(let object): appendJSON(object)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(value)
            }
            append(UInt8(ascii: "]"))
        }
    }

    /// JSON has no word for NaN and the infinities; null says that there is no number.
    package mutating func appendJSON(_ real: Double) {
        if real.isFinite { append(contentsOf: real.description.utf8) } else { append("null") }
    }

    private mutating func appendJSON(_ integer: Int64) {
        if (0..<10).contains(integer) {
            append(UInt8(ascii: "0") + UInt8(integer))
        } else {
            append(contentsOf: integer.description.utf8)
        }
    }

    /// A text that is known to need no escape.
    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\t"): append("\\t")
        case UInt8(ascii: "\r"): append("\\r")
        case 0..<0x20:
            append("\\u00")
            append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            append(contentsOf: String(byte & 0xF, radix: 16).utf8)
        default: append(byte)
        }
    }
}

extension UInt8 {
    fileprivate var needsEscape: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}
