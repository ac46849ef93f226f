// SPDX-License-Identifier: Apache-2.0

/// Computes one value. What it costs is bounded whatever the expression and the values are.
struct ExpressionEvaluator<Scope: ExpressionScope> {
    /// Parts evaluated: a filter inside a filter would otherwise go through long lists many times.
    private static var mostSteps: Int { 100_000 }

    private let scope: Scope
    private var steps = 0
    /// Of the lambdas around the part being evaluated, the outermost first.
    private var parameters: [ExpressionValue] = []

    init(scope: Scope) { self.scope = scope }

    mutating func value(of node: ExpressionNode) throws(EvaluationError) -> ExpressionValue {
        steps += 1
        guard steps <= Self.mostSteps else { throw EvaluationError("more than \(Self.mostSteps) steps") }
        switch node.kind {
        case .constant(let value): return value
        case .path(let path): return scope.value(at: path)
        case .parameter(let index): return parameters[index]
        case .list(let items): return .list(try values(of: items))
        case .dictionary(let items): return try dictionary(items)
        case .not(let operand): return .bool(!(try value(of: operand).isTrue))
        case .and(let left, let right):
            let left = try value(of: left)
            return left.isTrue ? try value(of: right) : left
        case .or(let left, let right):
            let left = try value(of: left)
            return left.isTrue ? left : try value(of: right)
        case .conditional(let yes, let test, let no): return try value(of: try value(of: test).isTrue ? yes : no)
        case .filter(let test, let list): return try filter(test, try present(list), node.column)
        default:
            do throws(EvaluationError) {
                return try computed(node)
            } catch {
                throw EvaluationError(error.message, column: error.column ?? node.column)
            }
        }
    }

    /// What may fail by itself: the error gets this part's column.
    private mutating func computed(_ node: ExpressionNode) throws(EvaluationError) -> ExpressionValue {
        switch node.kind {
        case .attribute(let operand, let name): try value(of: operand).attribute(name)
        case .element(let operand, let index): try value(of: operand).element(try present(index))
        case .slice(let operand, let from, let to, let step):
            try present(operand).slice(from: try bound(from), to: try bound(to), step: try bound(step))
        case .negative(let operand): try present(operand).negated()
        case .positive(let operand): try present(operand).unchanged()
        case .arithmetic(let operation, let left, let right):
            try present(left).applying(operation, try present(right))
        case .comparison(let left, let steps): try comparison(left, steps)
        case .function(let function, let arguments): try function.call(try presentValues(arguments))
        case .method(let method, let operand, let arguments):
            try method.call(on: try value(of: operand), try presentValues(arguments))
        default: preconditionFailure("evaluated by value(of:)")
        }
    }

    /// A value that is there; a missing one is an error that names it.
    private mutating func present(_ node: ExpressionNode) throws(EvaluationError) -> ExpressionValue {
        let value = try value(of: node)
        if case .missing = value {
            let name = if case .path(let path) = node.kind { path.joined(separator: ".") } else { "a value" }
            throw EvaluationError("\(name) is missing", column: node.column)
        }
        return value
    }

    private mutating func values(of nodes: [ExpressionNode]) throws(EvaluationError) -> [ExpressionValue] {
        var values: [ExpressionValue] = []
        for node in nodes { values.append(try value(of: node)) }
        return values
    }

    private mutating func presentValues(_ nodes: [ExpressionNode]) throws(EvaluationError) -> [ExpressionValue] {
        var values: [ExpressionValue] = []
        for node in nodes { values.append(try present(node)) }
        return values
    }

    private mutating func bound(_ node: ExpressionNode?) throws(EvaluationError) -> ExpressionValue {
        guard let node else { return .none }
        return try present(node)
    }

    private mutating func dictionary(
        _ items: [ExpressionNode.DictionaryItem]
    ) throws(EvaluationError) -> ExpressionValue {
        var entries: [ExpressionValue.Entry] = []
        for item in items {
            guard case .string(let key) = try value(of: item.key) else {
                throw EvaluationError("a key that is no text", column: item.key.column)
            }
            entries.removeAll { $0.key == key }
            entries.append(.init(key, try value(of: item.value)))
        }
        return .dictionary(entries)
    }

    private mutating func comparison(
        _ left: ExpressionNode, _ steps: [ExpressionNode.ComparisonStep]
    ) throws(EvaluationError) -> ExpressionValue {
        var leftNode = left
        var left = try value(of: left)
        for step in steps {
            let right = try value(of: step.right)
            if !step.comparison.takesMissing {
                // Only to say which of the two it is.
                if case .missing = left { _ = try present(leftNode) }
                if case .missing = right { _ = try present(step.right) }
            }
            guard try left.compares(step.comparison, to: right) else { return .bool(false) }
            (leftNode, left) = (step.right, right)
        }
        return .bool(true)
    }

    private mutating func filter(
        _ test: ExpressionNode?, _ list: ExpressionValue, _ column: Int
    ) throws(EvaluationError) -> ExpressionValue {
        guard case .list(let items) = list else {
            throw EvaluationError("\(list.kind) where filter needs a list", column: column)
        }
        guard let test else { return .list(items.filter(\.isTrue)) }
        var kept: [ExpressionValue] = []
        for item in items {
            parameters.append(item)
            defer { parameters.removeLast() }
            if try value(of: test).isTrue { kept.append(item) }
        }
        return .list(kept)
    }
}

extension Comparison {
    /// The others need both sides.
    fileprivate var takesMissing: Bool {
        switch self {
        case .equal, .notEqual, .isSame, .isNotSame: true
        default: false
        }
    }
}
