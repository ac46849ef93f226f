// SPDX-License-Identifier: Apache-2.0

/// What an expression computes with: the few kinds of values that JSON and Python share.
package enum ExpressionValue: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var key: String
        package var value: ExpressionValue

        package init(_ key: String, _ value: ExpressionValue) {
            self.key = key
            self.value = value
        }
    }

    /// Of a name or attribute that isn't there: false in a condition, and an error in a computation.
    case missing
    /// Python's `None`, JSON's `null`.
    case none
    case bool(Bool)
    /// What leaves 128 bits goes on as a real.
    case integer(Int128)
    case real(Double)
    case string(String)
    case list([ExpressionValue])
    /// Keys are texts, each once, in the order they came.
    case dictionary([Entry])

    /// Python's notion of truth: nothing, zero and what is empty are false.
    package var isTrue: Bool {
        switch self {
        case .missing, .none: false
        case .bool(let bool): bool
        case .integer(let integer): integer != 0
        case .real(let real): real != 0
        case .string(let string): !string.isEmpty
        case .list(let list): !list.isEmpty
        case .dictionary(let entries): !entries.isEmpty
        }
    }

    /// The kind in words, for messages.
    var kind: String {
        switch self {
        case .missing: "something missing"
        case .none: "None"
        case .bool: "a truth value"
        case .integer, .real: "a number"
        case .string: "a text"
        case .list: "a list"
        case .dictionary: "a dictionary"
        }
    }

    /// A whole number; truth values count as 0 and 1, as in Python.
    var integerValue: Int128? {
        switch self {
        case .integer(let integer): integer
        case .bool(let bool): bool ? 1 : 0
        default: nil
        }
    }

    /// A number of any kind, to the nearest `Double`.
    package var realValue: Double? {
        if case .real(let real) = self { return real }
        return integerValue.map { Double($0) }
    }
}
