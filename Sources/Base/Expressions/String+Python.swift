// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text of Python's `repr`: in `'`, or in `"` where it holds `'` and no `"`; what cannot be shown is escaped.
    package var pythonLiteral: String {
        let mark: Unicode.Scalar = pythonQuote
        var literal = String.UnicodeScalarView([mark])
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": literal.append(contentsOf: "\\\\".unicodeScalars)
            case mark: literal.append(contentsOf: ["\\", mark])
            case "\n": literal.append(contentsOf: "\\n".unicodeScalars)
            case "\r": literal.append(contentsOf: "\\r".unicodeScalars)
            case "\t": literal.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.isShownByPython: literal.append(scalar)
            default: literal.append(contentsOf: scalar.pythonEscape.unicodeScalars)
            }
        }
        literal.append(mark)
        return String(literal)
    }

    private var pythonQuote: Unicode.Scalar { Array(utf8).pythonQuote }
}

extension [UInt8] {
    /// The text of Python's `repr` of bytes, without the `b` before: all but ASCII is escaped.
    package var pythonLiteral: String {
        let mark: Unicode.Scalar = pythonQuote
        var literal = String(mark)
        for byte in self {
            switch Unicode.Scalar(byte) {
            case "\\": literal += "\\\\"
            case mark: literal += "\\\(mark)"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case let scalar where (0x20..<0x7F).contains(byte): literal.unicodeScalars.append(scalar)
            default: literal += "\\x" + UInt32(byte).hexadecimal(digits: 2)
            }
        }
        return literal + String(mark)
    }

    fileprivate var pythonQuote: Unicode.Scalar {
        contains(UInt8(ascii: "'")) && !contains(UInt8(ascii: "\"")) ? "\"" : "'"
    }
}

extension Unicode.Scalar {
    fileprivate var isShownByPython: Bool {
        if self == " " { return true }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    fileprivate var pythonEscape: String {
        switch value {
        case ..<0x100: "\\x" + value.hexadecimal(digits: 2)
        case ..<0x10000: "\\u" + value.hexadecimal(digits: 4)
        default: "\\U" + value.hexadecimal(digits: 8)
        }
    }
}

extension UInt32 {
    fileprivate func hexadecimal(digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
    }
}
