// SPDX-License-Identifier: Apache-2.0

extension PythonPattern {
    /// Python's `re.match`: whether it matches what the text begins with.
    ///
    /// The pattern is compiled for each call; remember the result where the same text comes often.
    package func matchesStart(of text: String) -> Bool {
        guard let regex = try? Self.regex(self.text) else { preconditionFailure("compiled when it was made") }
        return text.prefixMatch(of: regex) != nil
    }
}
