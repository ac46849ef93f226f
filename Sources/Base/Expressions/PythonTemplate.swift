// SPDX-License-Identifier: Apache-2.0

/// What `re.sub` puts in the place of a match: text with `\1`, `\g<1>` or `\g<name>` for what a group matched.
package struct PythonTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case text(String)
        case group(Int)
    }

    private var parts: [Part] = []

    /// - Parameter pattern: whose groups it may name.
    package init(_ template: String, for pattern: PythonPattern) throws(ExpressionMistake) {
        let scalars = Array(template.unicodeScalars)
        var index = 0
        var text = ""
        while index < scalars.count {
            guard scalars[index] == "\\" else {
                text.unicodeScalars.append(scalars[index])
                index += 1
                continue
            }
            let rest = scalars[(index + 1)...]
            if rest.first == "\\" {
                text += "\\"
                index += 2
                continue
            }
            let (name, length) = Self.reference(rest)
            let group = name.flatMap { Int($0) ?? pattern.groupNames[$0] }
            guard let group, (0...pattern.groupCount).contains(group) else {
                throw ExpressionMistake(
                    column: index + 1,
                    found: String(String.UnicodeScalarView(scalars[index...].prefix(1 + max(1, length)))).shortInQuotes,
                    allowed: Self.allowed(pattern), near: NearNames.of(name ?? "", among: pattern.groupNames.keys))
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(.group(group))
            index += 1 + length
        }
        if !text.isEmpty { parts.append(.text(text)) }
    }

    /// - Parameter group: what the group of a number matched.
    func text(_ group: (Int) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .group(let number): group(number)
            }
        }.joined()
    }

    /// The group that stands behind a backslash, `1`, `12` or `g<name>`, and how many characters it takes.
    private static func reference(_ rest: ArraySlice<Unicode.Scalar>) -> (name: String?, length: Int) {
        if rest.starts(with: "g<".unicodeScalars), let end = rest.firstIndex(of: ">") {
            let name = String(String.UnicodeScalarView(rest[(rest.startIndex + 2)..<end]))
            return (name, end - rest.startIndex + 1)
        }
        let digits = rest.prefix(2).prefix { ("0"..."9").contains($0) }
        // With a zero first they would be a character's number to Python.
        let isGroup = digits.first.map { $0 != "0" } ?? false
        return (isGroup ? String(String.UnicodeScalarView(digits)) : nil, digits.count)
    }

    private static func allowed(_ pattern: PythonPattern) -> String {
        let numbers =
            switch pattern.groupCount {
            case 0: "no group, as the pattern has none"
            case 1: "\\1"
            default: "\\1 to \\\(pattern.groupCount)"
            }
        let names = pattern.groupNames.keys.sorted().map { ", \\g<\($0)>" }.joined()
        return "\(numbers)\(names), or \\\\ for the character itself"
    }
}
