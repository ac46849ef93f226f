// SPDX-License-Identifier: Apache-2.0

/// A computation as an operator writes it, in the part of Python that Ceilometer's files use:
///
/// - numbers, texts, `True`, `False`, `None`, `[lists]`, `{"dictionaries": 1}`, and names with their attributes, of
///   which a missing one is false in a condition;
/// - `+ - * / // % **`, `< <= > >= == !=`, `is None`, `in`, `and or not`, `a if test else b`, `x[0]`, `x[1:2]`;
/// - `abs float int len list max min str`, `filter(lambda x: test, list)`, and the methods `get join replace split
///   strip`.
///
/// Nothing else is taken, nothing outside of it is reached, and its time and the size of its values are bounded.
/// Numbers are as in Python: `/` gives a real, whole numbers stay whole (past 128 bits they become reals).
package struct Expression: Sendable, Hashable {
    /// Which names mean something.
    package enum Names: Sendable, Hashable {
        case these([String])
        /// Meters as `$(name)`; one without an attribute means its volume.
        case meters
    }

    /// Characters.
    package static let longestText = 2000

    package let text: String
    /// The names that it looks up, each once, in the order written.
    package let names: [String]
    private let root: ExpressionNode

    package init(_ text: String, names: Names) throws(ExpressionMistake) {
        guard text.unicodeScalars.count <= Self.longestText else {
            throw ExpressionMistake(
                column: Self.longestText + 1, found: "\(text.unicodeScalars.count) characters",
                allowed: "at most \(Self.longestText)")
        }
        var parser = ExpressionParser(try Self.tokens(of: text), names: names)
        root = try parser.parse()
        self.text = text
        self.names = parser.usedNames
    }

    package func value(in scope: some ExpressionScope) throws(EvaluationError) -> ExpressionValue {
        var evaluator = ExpressionEvaluator(scope: scope)
        return try evaluator.value(of: root)
    }

    private static func tokens(of text: String) throws(ExpressionMistake) -> [ExpressionToken] {
        var lexer = ExpressionLexer(text)
        return try lexer.tokens()
    }
}

/// What the names of an expression stand for.
package protocol ExpressionScope {
    /// - Parameter path: a name and the attributes after it: `["resource_metadata", "cpu_number"]`.
    /// - Returns: ``ExpressionValue/missing`` where there is none.
    func value(at path: [String]) -> ExpressionValue
}
