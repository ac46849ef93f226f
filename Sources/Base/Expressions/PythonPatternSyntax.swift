// SPDX-License-Identifier: Apache-2.0

/// Walks through a pattern, finds its groups, and refuses what Swift and Python read differently.
struct PythonPatternSyntax {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// Columns of the groups that are open.
    private var open: [Int] = []
    private(set) var groupCount = 0
    private(set) var groupNames: [String: Int] = [:]
    /// Has a lazy repetition.
    private(set) var isLazy = false

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    mutating func check() throws(ExpressionMistake) {
        while let next = scalar() {
            switch next {
            case "\\": try escape(inSet: false)
            case "[": try set()
            case "(": try group()
            case ")":
                guard open.popLast() != nil else { throw mistake(")", "a ( before it, or \\)") }
                index += 1
            case "{": try repetition()
            case "*", "+", "?": try quantifier()
            default: index += 1
            }
        }
        if let column = open.last {
            throw ExpressionMistake(column: column, found: "a group without its end", allowed: "a closing )")
        }
    }

    private func mistake(_ found: String, _ allowed: String) -> ExpressionMistake {
        ExpressionMistake(column: index + 1, found: found, allowed: allowed)
    }

    private mutating func escape(inSet: Bool) throws(ExpressionMistake) {
        guard let next = scalar(1) else { throw mistake("\\ at the end", "\\\\ for the character itself") }
        let isLetterOrDigit = next.properties.isAlphabetic || next.properties.numericType != nil
        let letters: [Unicode.Scalar] =
            ["d", "D", "w", "W", "s", "S", "n", "t", "r"] + (inSet ? [] : ["b", "B"])
        if ("1"..."9").contains(next), !inSet {
            guard let number = Int(String(next)), number <= groupCount, scalar(2).map({ !$0.isASCIIDigit }) ?? true
            else { throw mistake("\\\(next) where there is no such group", "\\1 to \\9, for groups that came before") }
        } else if isLetterOrDigit, !letters.contains(next) {
            throw mistake(
                "\\\(next)",
                letters.map { "\\\($0)" }.joined(separator: " ") + (inSet ? "" : " \\1 to \\9")
                    + ", and \\ before what is no letter")
        }
        index += 2
    }

    private mutating func set() throws(ExpressionMistake) {
        let start = index + 1
        index += scalar(1) == "^" ? 2 : 1
        if scalar() == "]" { throw mistake("] first in a set", "\\]") }
        while let next = scalar(), next != "]" {
            if next == "\\" {
                try escape(inSet: true)
                continue
            }
            if next == "[" { throw mistake("[ in a set", "\\[") }
            if "&-~|".unicodeScalars.contains(next), scalar(1) == next {
                throw mistake("\(next)\(next) in a set", "one of them, or \\\(next)")
            }
            index += 1
        }
        guard scalar() == "]" else {
            throw ExpressionMistake(column: start, found: "a set without its end", allowed: "a closing ]")
        }
        index += 1
    }

    private mutating func group() throws(ExpressionMistake) {
        let column = index + 1
        if scalar(1) != "?" {
            groupCount += 1
            index += 1
        } else if scalar(2) == ":" || scalar(2) == "=" || scalar(2) == "!" {
            index += 3
        } else if scalar(2) == "P", scalar(3) == "<" {
            let name = try name(from: 4, until: ">")
            guard groupNames[name] == nil else { throw mistake("a second group \(name.inQuotes)", "each name once") }
            groupCount += 1
            groupNames[name] = groupCount
            index += 5 + name.unicodeScalars.count
        } else if scalar(2) == "P", scalar(3) == "=" {
            let name = try name(from: 4, until: ")")
            guard groupNames[name] != nil else {
                throw mistake(
                    "(?P=\(name)) where there is no such group", "names of groups that came before")
            }
            index += 5 + name.unicodeScalars.count
            return
        } else {
            let kind = (2...3).compactMap { scalar($0) }.prefix { $0 != ")" }.map(String.init).joined()
            throw mistake("(?\(kind)", "(…), (?:…), (?P<name>…), (?P=name), (?=…) and (?!…)")
        }
        open.append(column)
    }

    private func name(from offset: Int, until end: Unicode.Scalar) throws(ExpressionMistake) -> String {
        let rest = scalars[(index + offset)...]
        guard let length = rest.firstIndex(of: end).map({ $0 - rest.startIndex }), length > 0,
            rest.prefix(length).allSatisfy({ $0.isASCII && $0.properties.isAlphabetic || $0 == "_" || $0.isASCIIDigit }
            ),
            !rest[rest.startIndex].isASCIIDigit
        else { throw mistake("a group without a name", "letters, digits and _") }
        return String(String.UnicodeScalarView(rest.prefix(length)))
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}`. Another `{` means itself to Python only.
    private mutating func repetition() throws(ExpressionMistake) {
        let rest = scalars[(index + 1)...].prefix { $0 != "}" }
        let bounds = rest.split(separator: ",", omittingEmptySubsequences: false)
        let isClosed = rest.endIndex < scalars.count
        guard isClosed, bounds.count <= 2, bounds.contains(where: { !$0.isEmpty }),
            bounds.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) && $0.count <= 3 })
        else { throw mistake("{ that begins no repetition", "{m}, {m,} or {m,n} of at most 999, or \\{") }
        index = rest.endIndex
        try quantifier()
    }

    /// At its last character: what follows may make it lazy, not possessive.
    private mutating func quantifier() throws(ExpressionMistake) {
        index += 1
        if scalar() == "+" { throw mistake("a possessive repetition", "a greedy or lazy one") }
        if scalar() == "?" {
            isLazy = true
            index += 1
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
