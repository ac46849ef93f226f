// SPDX-License-Identifier: Apache-2.0

/// Reads words by Python's precedence, loosest first: conditional, `or`, `and`, `not`, comparisons, sums, products,
/// signs, `**`; what binds tighter is in `ExpressionParser+Operands.swift`.
struct ExpressionParser {
    /// Of parts inside each other: evaluation goes as deep.
    static let deepest = 100
    /// Of brackets, signs and other things that are read by going one deeper.
    static let deepestNesting = 40
    private static let comparisons: [String: Comparison] = Dictionary(
        uniqueKeysWithValues: [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual].map {
            ($0.rawValue, $0)
        })
    static let keywords: Set<String> = [
        "and", "or", "not", "if", "else", "in", "is", "lambda", "None", "True", "False", "for", "while", "await",
        "yield", "async", "import", "from", "as", "def", "class", "return", "del", "with", "try", "except", "finally",
        "raise", "assert", "pass", "break", "continue", "global", "nonlocal", "elif",
    ]

    let tokens: [ExpressionToken]
    var index = 0
    var nesting = 0
    let names: Expression.Names
    var usedNames: [String] = []
    /// Of the lambdas around the place reached.
    var parameters: [String] = []

    init(_ tokens: [ExpressionToken], names: Expression.Names) {
        self.tokens = tokens
        self.names = names
    }

    var next: ExpressionToken { tokens[index] }

    mutating func parse() throws(ExpressionMistake) -> ExpressionNode {
        let root = try expression()
        guard next.kind == .end else { throw unexpected(allowed: "an operator, or the end") }
        return root
    }

    mutating func expression() throws(ExpressionMistake) -> ExpressionNode {
        try deeper { parser throws(ExpressionMistake) in
            let value = try parser.disjunction()
            let column = parser.next.column
            guard parser.takes(keyword: "if") else { return value }
            let test = try parser.disjunction()
            guard parser.takes(keyword: "else") else {
                throw parser.unexpected(allowed: "else, as in: a if test else b")
            }
            let other = try parser.expression()
            return try parser.node(.conditional(value, if: test, else: other), column, value, test, other)
        }
    }

    private mutating func disjunction() throws(ExpressionMistake) -> ExpressionNode {
        var left = try conjunction()
        while case let column = next.column, takes(keyword: "or") {
            let right = try conjunction()
            left = try node(.or(left, right), column, left, right)
        }
        return left
    }

    private mutating func conjunction() throws(ExpressionMistake) -> ExpressionNode {
        var left = try negation()
        while case let column = next.column, takes(keyword: "and") {
            let right = try negation()
            left = try node(.and(left, right), column, left, right)
        }
        return left
    }

    private mutating func negation() throws(ExpressionMistake) -> ExpressionNode {
        let column = next.column
        guard takes(keyword: "not") else { return try comparison() }
        let operand = try deeper { parser throws(ExpressionMistake) in try parser.negation() }
        return try node(.not(operand), column, operand)
    }

    private mutating func comparison() throws(ExpressionMistake) -> ExpressionNode {
        let left = try sum()
        let column = next.column
        var steps: [ExpressionNode.ComparisonStep] = []
        while let comparison = try takesComparison() {
            let right = try sum()
            if comparison == .isSame || comparison == .isNotSame {
                guard case .constant(.none) = right.kind else {
                    throw ExpressionMistake(column: right.column, found: "is before a value", allowed: "is None, or ==")
                }
            }
            steps.append(.init(comparison: comparison, right: right))
        }
        guard !steps.isEmpty else { return left }
        return try node(.comparison(left, steps), column, [left] + steps.map(\.right))
    }

    private mutating func takesComparison() throws(ExpressionMistake) -> Comparison? {
        if case .symbol(let symbol) = next.kind, let comparison = Self.comparisons[symbol] {
            index += 1
            return comparison
        }
        if takes(keyword: "in") { return .isIn }
        if takes(keyword: "is") { return takes(keyword: "not") ? .isNotSame : .isSame }
        guard takes(keyword: "not") else { return nil }
        guard takes(keyword: "in") else { throw unexpected(allowed: "in, as in: a not in b") }
        return .isNotIn
    }

    private mutating func sum() throws(ExpressionMistake) -> ExpressionNode {
        var left = try product()
        while case let column = next.column, let operation = takes(anyOf: [.add, .subtract]) {
            let right = try product()
            left = try node(.arithmetic(operation, left, right), column, left, right)
        }
        return left
    }

    private mutating func product() throws(ExpressionMistake) -> ExpressionNode {
        var left = try signed()
        while case let column = next.column,
            let operation = takes(anyOf: [.multiply, .divide, .floorDivide, .remainder]
            )
        {
            let right = try signed()
            left = try node(.arithmetic(operation, left, right), column, left, right)
        }
        return left
    }

    private mutating func signed() throws(ExpressionMistake) -> ExpressionNode {
        let column = next.column
        let isNegative = takes("-")
        guard isNegative || takes("+") else { return try power() }
        let operand = try deeper { parser throws(ExpressionMistake) in try parser.signed() }
        return try node(isNegative ? .negative(operand) : .positive(operand), column, operand)
    }

    /// `-2 ** 2` is -4, `2 ** -1` is 0.5, and `2 ** 3 ** 2` is 2 ** 9.
    private mutating func power() throws(ExpressionMistake) -> ExpressionNode {
        let base = try operand()
        let column = next.column
        guard takes(anyOf: [.power]) != nil else { return base }
        let exponent = try deeper { parser throws(ExpressionMistake) in try parser.signed() }
        return try node(.arithmetic(.power, base, exponent), column, base, exponent)
    }
}
