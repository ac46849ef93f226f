// SPDX-License-Identifier: Apache-2.0

/// Taking words one by one, and making parts of them.
extension ExpressionParser {
    mutating func takes(_ symbol: String) -> Bool {
        guard next.kind == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    mutating func takes(keyword: String) -> Bool {
        guard next.kind == .name(keyword) else { return false }
        index += 1
        return true
    }

    mutating func takes(anyOf operators: [ArithmeticOperator]) -> ArithmeticOperator? {
        guard let found = operators.first(where: { next.kind == .symbol($0.rawValue) }) else { return nil }
        index += 1
        return found
    }

    mutating func advance() { index += 1 }

    /// Where the next word is a dot: the name behind it, and whether that is a method's, with its `(`.
    var nameAfterDot: (text: String, isCalled: Bool)? {
        guard index + 2 < tokens.count, case .name(let name) = tokens[index + 1].kind else { return nil }
        return (name, tokens[index + 2].kind == .symbol("("))
    }

    mutating func require(_ symbol: String, in example: String) throws(ExpressionMistake) {
        guard takes(symbol) else { throw unexpected(allowed: "\(symbol), as in: \(example)") }
    }

    func unexpected(allowed: String) -> ExpressionMistake {
        ExpressionMistake(column: next.column, found: next.words, allowed: allowed)
    }

    /// Bounds how deep reading itself goes.
    mutating func deeper(
        _ read: (inout ExpressionParser) throws(ExpressionMistake) -> ExpressionNode
    ) throws(ExpressionMistake) -> ExpressionNode {
        guard nesting < Self.deepestNesting else { throw tooDeep(next.column, Self.deepestNesting) }
        nesting += 1
        defer { nesting -= 1 }
        return try read(&self)
    }

    func node(
        _ kind: ExpressionNode.Kind, _ column: Int, _ parts: ExpressionNode...
    ) throws(ExpressionMistake) -> ExpressionNode {
        try node(kind, column, parts)
    }

    func node(
        _ kind: ExpressionNode.Kind, _ column: Int, _ parts: [ExpressionNode]
    ) throws(ExpressionMistake) -> ExpressionNode {
        let depth = 1 + (parts.map(\.depth).max() ?? 0)
        guard depth <= Self.deepest else { throw tooDeep(column, Self.deepest) }
        return ExpressionNode(kind: kind, column: column, depth: depth)
    }

    private func tooDeep(_ column: Int, _ limit: Int) -> ExpressionMistake {
        ExpressionMistake(
            column: column, found: "more than \(limit) operations inside each other", allowed: "a simpler expression")
    }
}
