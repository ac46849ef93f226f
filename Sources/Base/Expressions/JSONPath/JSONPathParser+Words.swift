// SPDX-License-Identifier: Apache-2.0

/// Names, numbers, and what stands in `[…]` and in backticks.
extension JSONPathParser {
    private static let functions = ["len", "split", "sub", "this"]

    /// A name as it is, or in quotation marks.
    mutating func name() throws(ExpressionMistake) -> String {
        skipSpace()
        if scalar() == "'" || scalar() == "\"" { return try quoted() }
        let start = index
        while let next = scalar(), next.isOfAPathName { index += 1 }
        guard index > start, !scalars[start].isDigitOfAPath, scalars[start] != "-" else {
            index = start
            throw mistake("a name, one in quotation marks, * or [")
        }
        return text(start)
    }

    mutating func takesWord(_ word: String) -> Bool {
        skipSpace()
        let letters = Array(word.unicodeScalars)
        guard scalars[index...].starts(with: letters), scalar(letters.count)?.isOfAPathName != true else {
            return false
        }
        index += letters.count
        return true
    }

    mutating func number() throws(ExpressionMistake) -> ExpressionValue {
        skipSpace()
        let start = index
        if scalar() == "-" { index += 1 }
        while let next = scalar(), next.isDigitOfAPath { index += 1 }
        var isReal = false
        if scalar() == ".", scalar(1)?.isDigitOfAPath == true {
            isReal = true
            index += 1
            while let next = scalar(), next.isDigitOfAPath { index += 1 }
        }
        let text = text(start)
        let value = isReal ? Double(text).map(ExpressionValue.real) : Int128(text).map(ExpressionValue.integer)
        guard let value else {
            index = start
            throw mistake("a number")
        }
        return value
    }

    private func text(_ start: Int) -> String { String(String.UnicodeScalarView(scalars[start..<index])) }

    private mutating func quoted() throws(ExpressionMistake) -> String {
        let column = index + 1
        let mark = scalars[index]
        index += 1
        var text = String.UnicodeScalarView()
        while let next = scalar(), next != mark {
            if next == "\\", scalar(1) == mark || scalar(1) == "\\" { index += 1 }
            text.append(scalars[index])
            index += 1
        }
        guard scalar() == mark else {
            throw ExpressionMistake(column: column, found: "a text without its end", allowed: "a closing \(mark)")
        }
        index += 1
        return String(text)
    }

    /// `[0]`, `[1:3]`, `[*]`, `['name', 'other']`, `[?…]`.
    mutating func bracket(after base: JSONPathNode) throws(ExpressionMistake) -> JSONPathNode {
        try expect("[")
        skipSpace()
        let node: JSONPathNode
        switch scalar() {
        case "*"?:
            index += 1
            node = .slice(base, from: nil, to: nil)
        case "?"?:
            index += 1
            node = .filter(base, try tests())
        case "'"?, "\""?:
            var names = [try quoted()]
            while takes(",") { names.append(try name()) }
            node = .names(base, names)
        case let next? where next == ":" || next == "-" || next.isDigitOfAPath:
            let from = next == ":" ? nil : try wholeNumber()
            if takes(":") {
                skipSpace()
                node = .slice(base, from: from, to: scalar() == "]" ? nil : try wholeNumber())
            } else {
                node = .index(base, from ?? 0)
            }
        default: throw mistake("an index, a slice such as 1:3, *, a name in quotation marks, or ?(test)")
        }
        try expect("]")
        return node
    }

    private mutating func wholeNumber() throws(ExpressionMistake) -> Int {
        let start = index
        guard case .integer(let wide) = try number(), let number = Int(exactly: wide) else {
            index = start
            throw mistake("a whole number")
        }
        return number
    }

    private mutating func tests() throws(ExpressionMistake) -> [JSONPathTest] {
        var tests: [JSONPathTest] = []
        repeat {
            if takes("(") {
                tests += try self.tests()
                try expect(")")
            } else {
                tests.append(try test())
            }
        } while takes("&")
        return tests
    }

    private mutating func test() throws(ExpressionMistake) -> JSONPathTest {
        let path = try path()
        skipSpace()
        let start = index
        while let next = scalar(), "=<>!".unicodeScalars.contains(next) { index += 1 }
        let sign = text(start)
        guard !sign.isEmpty else { return JSONPathTest(path: path, comparison: nil, value: .missing) }
        let comparison: Comparison? = sign == "=" ? .equal : Comparison(rawValue: sign)
        guard let comparison else {
            index = start
            throw mistake("= == != < <= > >=")
        }
        return JSONPathTest(path: path, comparison: comparison, value: try operand())
    }

    private mutating func operand() throws(ExpressionMistake) -> ExpressionValue {
        skipSpace()
        if let next = scalar(), next.isDigitOfAPath || next == "-" { return try number() }
        if scalar() == "'" || scalar() == "\"" { return .string(try quoted()) }
        let word = try name()
        switch word {
        case "true", "True": return .bool(true)
        case "false", "False": return .bool(false)
        default: return .string(word)
        }
    }

    /// `` `len` ``, `` `this` ``, `` `split(., 0, -1)` ``, `` `sub(/pattern/, text)` ``.
    mutating func function(of base: JSONPathNode) throws(ExpressionMistake) -> JSONPathNode {
        let column = index + 1
        index += 1
        let start = index
        while let next = scalar(), next != "`" { index += 1 }
        guard scalar() == "`" else {
            throw ExpressionMistake(column: column, found: "a ` without its end", allowed: "a closing `")
        }
        let text = text(start)
        index += 1
        let name = String(text.prefix { $0 != "(" })
        let hasArguments = text.hasSuffix(")") && text.contains("(")
        let arguments = hasArguments ? String(text.dropFirst(name.count + 1).dropLast()) : ""
        switch (name, hasArguments) {
        case ("this", false): return base
        case ("len", false): return .length(base)
        case ("split", true): return try split(base, arguments, column)
        case ("sub", true): return try substitution(base, arguments, column + 1 + name.count + 2)
        default:
            throw ExpressionMistake(
                column: column, found: "`\(text)`".shortInQuotes,
                allowed: "`len`, `this`, `split(separator, segment, splits)` and `sub(/pattern/, text)`",
                near: NearNames.of(name, among: Self.functions))
        }
    }

    private func split(
        _ base: JSONPathNode, _ text: String, _ column: Int
    ) throws(ExpressionMistake) -> JSONPathNode {
        // The separator may be a comma itself: it is what stands before the last two.
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.suffix(2).map { part in
            Int(String(part).trimmingSpaces)
        }
        let separator = parts.dropLast(2).joined(separator: ",").trimmingSpaces
        guard parts.count >= 3, let segment = numbers[0], let most = numbers[1], !separator.isEmpty else {
            throw ExpressionMistake(
                column: column, found: "`split(\(text))`".shortInQuotes,
                allowed: "`split(separator, segment, splits)`, splits -1 for as many as there are")
        }
        return .split(base, separator: separator, segment: segment, most: most < 0 ? nil : most)
    }

    private func substitution(
        _ base: JSONPathNode, _ text: String, _ column: Int
    ) throws(ExpressionMistake) -> JSONPathNode {
        guard text.hasPrefix("/"), let end = text.dropFirst().lastRange(of: "/,") else {
            throw ExpressionMistake(
                column: column, found: text.shortInQuotes, allowed: "/pattern/, text, as in `sub(/^v(.*)/, \\1)`")
        }
        do throws(ExpressionMistake) {
            let pattern = try PythonPattern(String(text.dropFirst()[..<end.lowerBound]))
            let template = try PythonTemplate(String(text[end.upperBound...]).trimmingSpaces, for: pattern)
            return .substitution(base, pattern, template)
        } catch {
            throw ExpressionMistake(
                column: column + error.column, found: error.found, allowed: error.allowed, near: error.near)
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(self[first...last])
    }
}

extension Substring {
    fileprivate func lastRange(of text: String) -> Range<Index>? { ranges(of: text).last }
}
