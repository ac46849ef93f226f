// SPDX-License-Identifier: Apache-2.0

/// A word of an expression.
struct ExpressionToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case number(ExpressionValue)
        case text(String)
        /// An identifier or keyword.
        case name(String)
        /// `$(memory.usage)`.
        case meter(String)
        case symbol(String)
        case end
    }

    var kind: Kind
    /// From 1.
    var column: Int

    /// As it stands there, for messages.
    var words: String {
        switch kind {
        case .number(.real(let real)): real.pythonText
        case .number(.integer(let integer)): integer.description
        case .number: "a number"
        case .text: "a text"
        case .name(let name): name
        case .meter(let name): "$(\(name))"
        case .symbol(let symbol): symbol
        case .end: "the end"
        }
    }
}
