// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Writes JSON as UTF-8 bytes, keys in the order given, without white space. Numbers keep every digit: integers
/// whole, reals with the fewest digits that read back the same.
struct JSONText {
    private(set) var bytes: [UInt8] = []

    /// Null for what is no finite number, which JSON has no word for.
    mutating func append(_ volume: Volume) { append(raw: volume.isFinite ? volume.description : "null") }

    mutating func append(_ text: String?) {
        guard var text else { return append(raw: "null") }
        append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            for byte in utf8 { append(escaping: byte) }
        }
        append(UInt8(ascii: "\""))
    }

    mutating func append(_ metadata: Metadata) {
        append(UInt8(ascii: "{"))
        for (index, entry) in metadata.entries.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(entry.key)
            append(UInt8(ascii: ":"))
            append(entry.value)
        }
        append(UInt8(ascii: "}"))
    }

    mutating func append(_ value: Metadata.Value) {
        switch value {
        case .null: append(raw: "null")
        case .bool(let bool): append(raw: bool ? "true" : "false")
        case .integer(let integer): append(raw: integer.description)
        case .real(let real): append(raw: real.isFinite ? real.description : "null")
        case .string(let string): append(string)
        case .object(let object): append(object)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(value)
            }
            append(UInt8(ascii: "]"))
        }
    }

    /// A text that is known to need no escape.
    mutating func append(raw text: String) { bytes += text.utf8 }

    mutating func append(quoted ascii: [UInt8]) {
        append(UInt8(ascii: "\""))
        bytes += ascii
        append(UInt8(ascii: "\""))
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case UInt8(ascii: "\n"): append(raw: "\\n")
        case UInt8(ascii: "\t"): append(raw: "\\t")
        case UInt8(ascii: "\r"): append(raw: "\\r")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            append(raw: "\\u00" + (digits.count == 1 ? "0" : "") + digits)
        default: append(byte)
        }
    }
}
