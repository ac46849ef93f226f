// SPDX-License-Identifier: Apache-2.0

/// One thing an operator can set: its place in the file, what it means, what may stand there. Reading, range check,
/// error text, `--print-config` and the files in `conf/` all come from it, so it is declared once, beside its use.
package struct Setting<Value: Sendable>: Sendable {
    package let section: String
    package let name: String
    package let defaultText: String
    /// A sentence or two, with the unit.
    package let help: String
    /// What may stand there, in words.
    package let allowed: String
    /// Whether its value is never shown.
    package let isSecret: Bool
    let parse: @Sendable (String) -> Value?
    let defaultValue: Value

    init(
        _ name: String, in section: String, default defaultText: String, _ defaultValue: Value, help: String,
        allowed: String, isSecret: Bool = false, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.section = section
        self.name = name
        self.defaultText = defaultText
        self.defaultValue = defaultValue
        self.help = help
        self.allowed = allowed
        self.isSecret = isSecret
        self.parse = parse
    }
}

extension Setting where Value == Int {
    /// A whole number in a range.
    package init(_ name: String, in section: String, default value: Int, _ range: ClosedRange<Int>, help: String) {
        self.init(
            name, in: section, default: String(value), value, help: help,
            allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension Setting where Value == Bool {
    /// Yes or no, in the words that oslo takes.
    package init(_ name: String, in section: String, default value: Bool, help: String) {
        self.init(
            name, in: section, default: String(value), value, help: help,
            allowed: "true or false (also yes, no, on, off, 1, 0)"
        ) {
            switch $0.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }
}

extension Setting where Value == String {
    /// Any text, or one that passes a check.
    package init(
        _ name: String, in section: String, default value: String, help: String, allowed: String = "text",
        isSecret: Bool = false, check: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.init(name, in: section, default: value, value, help: help, allowed: allowed, isSecret: isSecret) {
            check($0) ? $0 : nil
        }
    }

    /// One word of several.
    package init(_ name: String, in section: String, default value: String, oneOf words: [String], help: String) {
        self.init(
            name, in: section, default: value, help: help, allowed: "one of " + words.joined(separator: ", "),
            check: { words.contains($0) })
    }
}

extension Setting where Value == [String] {
    /// Words with commas between them.
    package init(_ name: String, in section: String, default value: [String], help: String) {
        let text = value.joined(separator: ",")
        self.init(name, in: section, default: text, value, help: help, allowed: "words with commas between them") {
            $0.split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
        }
    }
}

/// A setting without its type: what a list of all settings needs to know.
package struct AnySetting: Sendable {
    package let section: String
    package let name: String
    package let defaultText: String
    package let help: String
    package let allowed: String
    package let isSecret: Bool
    let accepts: @Sendable (String) -> Bool

    package init<Value>(_ setting: Setting<Value>) {
        section = setting.section
        name = setting.name
        defaultText = setting.defaultText
        help = setting.help
        allowed = setting.allowed
        isSecret = setting.isSecret
        accepts = { setting.parse($0) != nil }
    }
}
