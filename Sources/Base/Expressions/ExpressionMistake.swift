// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an expression or a pattern as it was written.
package struct ExpressionMistake: Error, Sendable, Hashable {
    /// Of the first character concerned, from 1.
    package var column: Int
    package var found: String
    /// What may stand there.
    package var allowed: String
    /// Names near to a misspelt one, the likeliest first.
    package var near: [String]

    package init(column: Int, found: String, allowed: String, near: [String] = []) {
        self.column = column
        self.found = found
        self.allowed = allowed
        self.near = near
    }
}

extension ExpressionMistake: CustomStringConvertible {
    package var description: String {
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        return "column \(column): \(found); allowed: \(allowed)\(hint)"
    }
}
