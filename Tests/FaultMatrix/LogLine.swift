// SPDX-License-Identifier: Apache-2.0

/// A line of the agent's log: time, level, the rest.
struct LogLine: CustomStringConvertible {
    var level: Substring
    var text: Substring

    init?(_ line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count == 3 else { return nil }
        level = parts[1]
        text = parts[2]
    }

    /// A fault begins.
    var isWorse: Bool { ["warning", "error", "critical"].contains(level) }
    /// A fault ends.
    var isBetter: Bool { level == "notice" }
    var isForOperators: Bool { isWorse || isBetter }

    /// The domains that it names.
    var names: [String] {
        text.matches(of: /instance-[0-9a-f]{8}/).map { String($0.output) }
    }

    var description: String { "\(level) \(text)" }
}
