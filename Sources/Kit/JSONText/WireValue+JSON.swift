// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Bytes, which JSON has no form for, are written as null.
    package mutating func appendJSON(_ value: WireValue) {
        switch value {
        case .null, .binary: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(contentsOf: integer.description.utf8)
        case .real(let real): appendJSON(real)
        case .string(let string): appendJSON(string)
        case .array(let items): appendJSON(list: items) { $0.appendJSON($1) }
        case .object(let entries):
            append(UInt8(ascii: "{"))
            for (index, entry) in entries.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                appendJSON(entry.key)
                append(UInt8(ascii: ":"))
                appendJSON(entry.value)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// Anything as a JSON list.
    package mutating func appendJSON<Item>(list items: some Sequence<Item>, _ write: (inout [UInt8], Item) -> Void) {
        append(UInt8(ascii: "["))
        var isFirst = true
        for item in items {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            write(&self, item)
        }
        append(UInt8(ascii: "]"))
    }
}

extension WireValue {
    /// An object with the entries that there are: nil leaves one out.
    package static func object(_ pairs: KeyValuePairs<String, WireValue?>) -> WireValue {
        .object(pairs.compactMap { key, value in value.map { Entry(key, $0) } })
    }

    package static func texts(_ texts: some Sequence<String>) -> WireValue { .array(texts.map { .string($0) }) }

    /// A text where there is one.
    package static func text(_ text: String?) -> WireValue? { text.map { .string($0) } }
}
