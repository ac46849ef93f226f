// SPDX-License-Identifier: Apache-2.0

/// A command's words, as a shell would part them, so that no shell is needed.
enum CommandWords {
    /// nil where the text means more than words to a shell: a pipe, a variable, a wildcard.
    static func of(_ text: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var isInWord = false
        var scalars = Substring(text).unicodeScalars
        while let scalar = scalars.popFirst() {
            switch scalar {
            case " ", "\t", "\n":
                if scalar == "\n" { return nil }
                if isInWord { words.append(word) }
                (word, isInWord) = ("", false)
            case "'":
                guard let end = scalars.firstIndex(of: "'") else { return nil }
                word += String(scalars[..<end])
                scalars = scalars[scalars.index(after: end)...]
                isInWord = true
            case "\"":
                guard let inner = quoted(&scalars) else { return nil }
                word += inner
                isInWord = true
            case "\\":
                guard let next = scalars.popFirst(), next != "\n" else { return nil }
                word.unicodeScalars.append(next)
                isInWord = true
            case "#" where !isInWord, "~" where !isInWord: return nil
            case "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[", "{", "!": return nil
            default:
                word.unicodeScalars.append(scalar)
                isInWord = true
            }
        }
        if isInWord { words.append(word) }
        // An assignment before the command is the shell's.
        guard let first = words.first, !first.isEmpty, !first.contains("=") else { return nil }
        return words
    }

    /// What follows a `"`, up to the next.
    private static func quoted(_ scalars: inout Substring.UnicodeScalarView) -> String? {
        var text = String.UnicodeScalarView()
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "$", "`": return nil
            case "\\":
                guard let next = scalars.popFirst() else { return nil }
                if !"\"\\$`".unicodeScalars.contains(next) { text.append(scalar) }
                text.append(next)
            default: text.append(scalar)
            }
        }
        return nil
    }
}
