// SPDX-License-Identifier: Apache-2.0

/// The text of `hypsometer.conf`: each setting with what it means and what may stand there. What is at its default
/// is commented out; what was set stands plain, with its place.
package enum SampleFile {
    package static func text(_ settings: [AnySetting], _ configuration: Configuration) -> String {
        var sections: [String] = []
        for setting in settings where !sections.contains(setting.section) { sections.append(setting.section) }
        return sections.map { section in
            "[\(section)]\n\n"
                + settings.filter { $0.section == section }.map { block($0, configuration) }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func block(_ setting: AnySetting, _ configuration: Configuration) -> String {
        let words = "\(setting.help) Allowed: \(setting.allowed)."
        let comment = wrapped(words, width: 98).map { "# \($0)\n" }.joined()
        guard let found = configuration.written(setting.section, setting.name) else {
            return comment + "#\(setting.name) = \(setting.defaultText)".trimmedAtEnd + "\n"
        }
        let place = found.place
        let line = place.line.map { ":\($0)" } ?? ""
        let from = comment + "# From \(place.file)\(line)"
        // Commented out: who reads the file back in must not get the asterisks for the secret.
        if setting.isSecret { return from + ", not shown\n#\(setting.name) = ***\n" }
        return from + "\n\(setting.name) = \(found.written.withoutPassword.continued)\n"
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = String(word)
            } else if lines[lines.count - 1].count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

extension String {
    fileprivate var trimmedAtEnd: String { hasSuffix(" ") ? String(dropLast()) : self }

    /// Lines after the first indented and empty ones left out, so that they read as one value again.
    fileprivate var continued: String { split(separator: "\n").joined(separator: "\n    ") }
}
