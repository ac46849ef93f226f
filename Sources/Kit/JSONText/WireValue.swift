// SPDX-License-Identifier: Apache-2.0

/// What a message holds, whichever format it came in.
package enum WireValue: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var key: String
        package var value: WireValue

        package init(_ key: String, _ value: WireValue) {
            self.key = key
            self.value = value
        }
    }

    case null
    case bool(Bool)
    /// Of at most 38 digits: Python's have no end.
    case integer(Int128)
    case real(Double)
    case string(String)
    case binary([UInt8])
    case array([WireValue])
    /// Each key once, in the order they came.
    case object([Entry])

    /// The value of a key of an object; nil for other values and where there is none.
    package subscript(key: String) -> WireValue? {
        guard case .object(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// In words, for messages; texts from outside are cut short.
    package var shown: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .integer(let integer): "\(integer)"
        case .real(let real): "\(real)"
        case .string(let string):
            "\"" + string.unicodeScalars.prefix(40).map { $0.escaped(asASCII: true) }.joined() + "\""
        case .binary: "bytes"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
