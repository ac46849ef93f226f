// SPDX-License-Identifier: Apache-2.0

/// Why a good expression has no value here: a division by zero, a text where a number is needed, a name that is
/// missing. Concerns this one evaluation only.
package struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// Where in the expression, from 1; nil where it is about its result.
    package var column: Int?

    package init(_ message: String, column: Int? = nil) {
        self.message = message
        self.column = column
    }

    package var description: String { column.map { "column \($0): \(message)" } ?? message }
}
