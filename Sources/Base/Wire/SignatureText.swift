// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// The bytes that a message's signature is made over: each name and value as Python's `str` writes them, without
/// anything between. Objects are flattened, their names joined by colons, the keys of each sorted; an empty one leaves
/// nothing. A list is one value, written as Python's `repr`.
struct SignatureText {
    /// How a text inside a list is written. It has changed over the years, and receivers meet messages of all of them.
    enum ListStyle: CaseIterable {
        /// `b'x'`: Ceilometer from 8.0 on, under Python 3.
        case bytes
        /// `'x'` over UTF-8, as Python 2 has always written it.
        case python2
        /// `'x'`: Ceilometer up to 7, under Python 3.
        case text
    }

    let style: ListStyle
    private(set) var bytes: [UInt8] = []

    init(_ style: ListStyle) { self.style = style }

    /// - Parameter prefix: the names of the objects around them, each with its colon.
    mutating func append(_ entries: [WireValue.Entry], prefix: String = "") {
        for entry in entries.sortedByKey {
            let name = prefix + entry.key
            if case .object(let inner) = entry.value {
                append(inner, prefix: name + ":")
            } else if name != "message_signature" {
                append(name, entry.value)
            }
        }
    }

    mutating func append(_ name: String, _ value: WireValue) {
        bytes.append(contentsOf: name.utf8)
        switch value {
        case .string(let string): bytes.append(contentsOf: string.utf8)
        default: bytes.append(contentsOf: literal(value).utf8)
        }
    }

    /// What was made earlier.
    mutating func append(text: [UInt8]) { bytes += text }

    private func literal(_ value: WireValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let bool): bool ? "True" : "False"
        case .integer(let integer): integer.description
        case .real(let real): real.pythonText
        case .string(let string): literal(string)
        case .binary(let bytes): "b" + bytes.pythonLiteral
        case .array(let items): "[" + items.map { literal($0) }.joined(separator: ", ") + "]"
        case .object(let entries):
            "{" + entries.sortedByKey.map { "\(literal($0.key)): \(literal($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    private func literal(_ text: String) -> String {
        switch style {
        case .bytes: "b" + Array(text.utf8).pythonLiteral
        case .python2: Array(text.utf8).pythonLiteral
        case .text: text.pythonLiteral
        }
    }
}

extension [WireValue.Entry] {
    /// By the numbers of their characters, which is the order of their UTF-8.
    fileprivate var sortedByKey: [WireValue.Entry] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
