// SPDX-License-Identifier: Apache-2.0

/// A part of an expression as parsed, with its column for messages.
struct ExpressionNode: Sendable, Hashable {
    indirect enum Kind: Sendable, Hashable {
        case constant(ExpressionValue)
        /// A name and the attributes after it, looked up as one: `resource_metadata.flavor.id`.
        case path([String])
        /// The parameter of a lambda around it, counted from the outermost.
        case parameter(Int)
        case attribute(ExpressionNode, String)
        case element(ExpressionNode, index: ExpressionNode)
        case slice(ExpressionNode, from: ExpressionNode?, to: ExpressionNode?, step: ExpressionNode?)
        case list([ExpressionNode])
        case dictionary([DictionaryItem])
        case negative(ExpressionNode)
        case positive(ExpressionNode)
        case arithmetic(ArithmeticOperator, ExpressionNode, ExpressionNode)
        /// `a < b <= c`: each pair in turn.
        case comparison(ExpressionNode, [ComparisonStep])
        case not(ExpressionNode)
        case and(ExpressionNode, ExpressionNode)
        case or(ExpressionNode, ExpressionNode)
        case conditional(ExpressionNode, if: ExpressionNode, else: ExpressionNode)
        case function(ExpressionFunction, [ExpressionNode])
        /// `filter(lambda x: test, list)`; a test of nil is `filter(None, list)`.
        case filter(test: ExpressionNode?, ExpressionNode)
        case method(ExpressionMethod, of: ExpressionNode, [ExpressionNode])
    }

    struct DictionaryItem: Sendable, Hashable {
        var key: ExpressionNode
        var value: ExpressionNode
    }

    struct ComparisonStep: Sendable, Hashable {
        var comparison: Comparison
        var right: ExpressionNode
    }

    var kind: Kind
    var column: Int
    /// How many parts stand inside each other, this one included.
    var depth: Int
}

enum ArithmeticOperator: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
}

enum Comparison: String, Sendable, Hashable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case isSame = "is"
    case isNotSame = "is not"
    case isIn = "in"
    case isNotIn = "not in"
}

/// The functions of Python's that there are, by name, besides `filter`.
enum ExpressionFunction: String, Sendable, Hashable, CaseIterable {
    case abs, float, int, len, list, max, min, str

    var arguments: ClosedRange<Int> {
        switch self {
        case .max, .min: 1...20
        default: 1...1
        }
    }
}

/// The methods of texts and dictionaries that there are, by name.
enum ExpressionMethod: String, Sendable, Hashable, CaseIterable {
    case get, join, replace, split, strip

    var arguments: ClosedRange<Int> {
        switch self {
        case .get: 1...2
        case .join: 1...1
        case .replace: 2...2
        case .split: 0...2
        case .strip: 0...1
        }
    }
}
