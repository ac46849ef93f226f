// SPDX-License-Identifier: Apache-2.0

/// An oslo-style INI file: `[section]`, `key = value` or `key: value`, `#` and `;` comments on lines of their own,
/// indented lines that go on with the value before, quotation marks around a value dropped, the last of two equal
/// keys in force. Keys before the first section belong to `[DEFAULT]`.
package struct INIDocument: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var section: String
        package var key: String
        package var value: String
        package var line: Int
    }

    package let path: String
    package private(set) var entries: [Entry] = []
    /// The sections that are opened, with the line of the first time.
    package private(set) var sections: [String: Int] = [:]

    package init(path: String, text: String) throws(Mistakes) {
        self.path = path
        var mistakes = Mistakes()
        var section = "DEFAULT"
        var canContinue = false
        // "\r\n" is one character in Swift, and not "\n".
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            let place = Mistake.Place(path, line: index + 1)
            let content = line.trimmed
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") {
                if content.isEmpty { canContinue = false }
            } else if line.first?.isWhitespace == true {
                if canContinue {
                    entries[entries.count - 1].value += "\n" + content
                } else {
                    mistakes.add(
                        Mistake(
                            place, "", found: "an indented line after no key",
                            allowed: "key = value, from the first column"))
                }
            } else if content.hasPrefix("[") {
                canContinue = false
                guard content.hasSuffix("]"), content.count > 2 else {
                    mistakes.add(Mistake(place, "", found: "section head \(String(content).quoted)", allowed: "[name]"))
                    continue
                }
                section = String(content.dropFirst().dropLast())
                sections[section] = sections[section] ?? index + 1
            } else if let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }),
                separator > content.startIndex
            {
                let key = String(content[..<separator].trimmed)
                let value = String(content[content.index(after: separator)...].trimmed)
                entries.append(Entry(section: section, key: key, value: value.unquoted, line: index + 1))
                canContinue = true
            } else {
                canContinue = false
                // Not shown: a line that lost its key may be a password.
                mistakes.add(
                    Mistake(
                        place, "[\(section.shortened())]", found: "a line that is neither key = value nor [section]",
                        allowed: "key = value"))
            }
        }
        try mistakes.throwIfAny()
    }

    /// The entry in force: the last of that name.
    package func entry(_ section: String, _ key: String) -> Entry? {
        entries.last { $0.section == section && $0.key == key }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    package var trimmed: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}

extension String {
    fileprivate var unquoted: String {
        guard count > 1, let mark = first, mark == last, mark == "\"" || mark == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
