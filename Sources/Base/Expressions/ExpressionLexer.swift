// SPDX-License-Identifier: Apache-2.0

/// Cuts the text of an expression into words.
struct ExpressionLexer {
    /// Longest first, so that `**` is not read as two.
    private static let symbols = [
        "**", "//", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]", "{", "}", ",", ".",
        ":",
    ].map { Array($0.unicodeScalars) }
    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"",
    ]

    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var column: Int { index + 1 }
    private func scalar(at offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    mutating func tokens() throws(ExpressionMistake) -> [ExpressionToken] {
        var tokens: [ExpressionToken] = []
        while true {
            while let next = scalar(), next.properties.isWhitespace { index += 1 }
            let place = column
            guard let first = scalar() else {
                tokens.append(ExpressionToken(kind: .end, column: place))
                return tokens
            }
            tokens.append(ExpressionToken(kind: try kind(from: first), column: place))
        }
    }

    private mutating func kind(from first: Unicode.Scalar) throws(ExpressionMistake) -> ExpressionToken.Kind {
        if first.isDigit || first == "." && scalar(at: 1)?.isDigit == true { return .number(try number()) }
        if first.isOfAName { return .name(word { $0.isOfAName || $0.isDigit }) }
        if first == "'" || first == "\"" { return .text(try text()) }
        if first == "$", scalar(at: 1) == "(" { return .meter(try meter()) }
        if let symbol = Self.symbols.first(where: { scalars[index...].starts(with: $0) }) {
            index += symbol.count
            return .symbol(String(String.UnicodeScalarView(symbol)))
        }
        throw ExpressionMistake(
            column: column, found: String(first).inQuotes,
            allowed: "names, numbers, texts in quotation marks, and + - * / // % ** < > <= >= == != ( ) [ ] { } , . :")
    }

    private mutating func word(while belongs: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let next = scalar(), belongs(next) { index += 1 }
        return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    /// `12`, `1_000`, `0x1f`, `1.5`, `.5`, `1e-9`.
    private mutating func number() throws(ExpressionMistake) -> ExpressionValue {
        let place = column
        let start = index
        var text = word { $0.isDigit || $0.isOfAName || $0 == "." }
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        if !isHexadecimal, text.last == "e" || text.last == "E", scalar() == "-" || scalar() == "+",
            scalar(at: 1)?.isDigit == true
        {
            index += 1
            _ = word { $0.isDigit || $0 == "_" }
            text = String(String.UnicodeScalarView(scalars[start..<index]))
        }
        let separated = text.split(separator: "_", omittingEmptySubsequences: false)
        let digits = separated.joined()
        let value: ExpressionValue? =
            if separated.contains(where: \.isEmpty) {
                nil
            } else if isHexadecimal {
                Int128(digits.dropFirst(2), radix: 16).map { .integer($0) }
            } else if digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                // Python refuses 010, which others read as eight.
                digits.hasPrefix("0") && Int128(digits) != 0 ? nil : Int128(digits).map { .integer($0) }
            } else {
                digits.hasSuffix(".")
                    ? Double(digits + "0").map { .real($0) } : Double(digits).map { .real($0) }
            }
        if let value, case .real(let real) = value, !real.isFinite {
            throw ExpressionMistake(column: place, found: "\(text.shortInQuotes), past all numbers", allowed: "1.8e308")
        }
        guard let value else {
            throw ExpressionMistake(
                column: place, found: text.shortInQuotes,
                allowed: "a number such as 12, 1.5, 1e-9 or 0x1f, of at most 38 digits")
        }
        return value
    }

    private mutating func text() throws(ExpressionMistake) -> String {
        let place = column
        let mark = scalars[index]
        index += 1
        var text = String.UnicodeScalarView()
        while let next = scalar(), next != mark {
            index += 1
            guard next == "\\" else {
                text.append(next)
                continue
            }
            guard let escaped = scalar(), let meant = Self.escapes[escaped] else {
                throw ExpressionMistake(
                    column: index, found: "\"\\\" before \(scalar().map { String($0).inQuotes } ?? "the end")",
                    allowed: #"\n, \t, \r, \\, \' and \" in a text"#)
            }
            index += 1
            text.append(meant)
        }
        guard scalar() == mark else {
            throw ExpressionMistake(column: place, found: "a text without its end", allowed: "a closing \(mark)")
        }
        index += 1
        return String(text)
    }

    private mutating func meter() throws(ExpressionMistake) -> String {
        let place = column
        index += 2
        let name = word { $0.isOfAName || $0.isDigit || $0 == "." || $0 == "-" }
        guard !name.isEmpty, scalar() == ")" else {
            throw ExpressionMistake(
                column: place, found: "\"$(\" without a meter's name and a closing )",
                allowed: "$(name), such as $(memory.usage)")
        }
        index += 1
        return name
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isOfAName: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" }
}

extension String {
    /// For messages: with what cannot be seen escaped.
    var inQuotes: String { "\"" + unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\"" }
    var shortInQuotes: String {
        let shown = unicodeScalars.prefix(40)
        return (String(shown) + (shown.endIndex == unicodeScalars.endIndex ? "" : "…")).inQuotes
    }
}
