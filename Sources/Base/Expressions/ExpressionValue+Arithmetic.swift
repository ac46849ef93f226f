// SPDX-License-Identifier: Apache-2.0
internal import Glibc

extension ExpressionValue {
    /// Of a text, in bytes of UTF-8, and of a list.
    static let mostBytes = 65_536
    static let mostItems = 10_000

    func negated() throws(EvaluationError) -> ExpressionValue {
        if case .real(let real) = self { return .real(-real) }
        guard let integer = integerValue else { throw EvaluationError("- before \(kind)") }
        let (result, overflows) = Int128(0).subtractingReportingOverflow(integer)
        return overflows ? .real(-Double(integer)) : .integer(result)
    }

    /// What a `+` before it gives: the number, a truth value as one.
    func unchanged() throws(EvaluationError) -> ExpressionValue {
        if case .real = self { return self }
        guard let integer = integerValue else { throw EvaluationError("+ before \(kind)") }
        return .integer(integer)
    }

    func applying(
        _ operation: ArithmeticOperator, _ right: ExpressionValue
    ) throws(EvaluationError) -> ExpressionValue {
        if let left = integerValue, let right = right.integerValue {
            return try Self.apply(operation, left, right)
        }
        if let left = realValue, let right = right.realValue {
            return .real(try Self.apply(operation, left, right))
        }
        switch (operation, self, right) {
        case (.add, .string(let left), .string(let right)): return try .bounded(.string(left + right))
        case (.add, .list(let left), .list(let right)): return try .bounded(.list(left + right))
        case (.multiply, .string, _), (.multiply, .list, _):
            if let count = right.integerValue { return try repeated(count) }
        case (.multiply, _, .string), (.multiply, _, .list):
            if let count = integerValue { return try right.repeated(count) }
        default: break
        }
        throw EvaluationError("\(operation.rawValue) between \(kind) and \(right.kind)")
    }

    private static func apply(
        _ operation: ArithmeticOperator, _ left: Int128, _ right: Int128
    ) throws(EvaluationError) -> ExpressionValue {
        let (result, overflows): (Int128, Bool)
        switch operation {
        case .add: (result, overflows) = left.addingReportingOverflow(right)
        case .subtract: (result, overflows) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflows) = left.multipliedReportingOverflow(by: right)
        case .divide: return .real(try apply(.divide, Double(left), Double(right)))
        case .floorDivide, .remainder:
            guard right != 0 else { throw EvaluationError("division by zero") }
            let (quotient, leavesRange) = left.dividedReportingOverflow(by: right)
            guard !leavesRange else { return operation == .remainder ? .integer(0) : .real(-Double(left)) }
            let rest = left - quotient * right
            // Swift rounds to zero, Python down.
            let isBelow = rest != 0 && (rest < 0) != (right < 0)
            let floored = isBelow ? (quotient - 1, rest + right) : (quotient, rest)
            return .integer(operation == .floorDivide ? floored.0 : floored.1)
        case .power:
            guard right >= 0, let power = left.raised(to: right) else {
                return .real(try apply(.power, Double(left), Double(right)))
            }
            return .integer(power)
        }
        return overflows ? .real(try apply(operation, Double(left), Double(right))) : .integer(result)
    }

    private static func apply(
        _ operation: ArithmeticOperator, _ left: Double, _ right: Double
    ) throws(EvaluationError) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else { throw EvaluationError("division by zero") }
            return left / right
        case .floorDivide, .remainder:
            guard right != 0 else { throw EvaluationError("division by zero") }
            var rest = left.truncatingRemainder(dividingBy: right)
            var quotient = (left - rest) / right
            if rest == 0 {
                rest = Double(signOf: right, magnitudeOf: 0)
            } else if (rest < 0) != (right < 0) {
                rest += right
                quotient -= 1
            }
            if operation == .remainder { return rest }
            // The quotient is whole but for its rounding.
            return quotient == 0 ? Double(signOf: left / right, magnitudeOf: 0) : quotient.rounded()
        case .power:
            guard left != 0 || right >= 0 else { throw EvaluationError("zero to a negative power") }
            guard left >= 0 || right == right.rounded() || !right.isFinite else {
                throw EvaluationError("a negative number to a fraction")
            }
            let power = pow(left, right)
            guard power.isFinite || !left.isFinite || !right.isFinite else {
                throw EvaluationError("a power past all numbers")
            }
            return power
        }
    }

    private func repeated(_ count: Int128) throws(EvaluationError) -> ExpressionValue {
        switch self {
        case .string(let text):
            guard count > 0, !text.isEmpty else { return .string("") }
            guard count <= Int128(Self.mostBytes / text.utf8.count) else { throw Self.tooLarge }
            return .string(String(repeating: text, count: Int(count)))
        case .list(let items):
            guard count > 0, !items.isEmpty else { return .list([]) }
            guard count <= Int128(Self.mostItems / items.count) else { throw Self.tooLarge }
            return .list(Array(repeating: items, count: Int(count)).flatMap { $0 })
        default: preconditionFailure("only texts and lists are repeated")
        }
    }

    private static let tooLarge = EvaluationError("a text past \(mostBytes) bytes or a list past \(mostItems) items")

    /// The same value, unless it has grown too large.
    static func bounded(_ value: ExpressionValue) throws(EvaluationError) -> ExpressionValue {
        switch value {
        case .string(let text) where text.utf8.count > mostBytes: throw tooLarge
        case .list(let items) where items.count > mostItems: throw tooLarge
        default: return value
        }
    }
}

extension Int128 {
    /// nil where it would leave 128 bits. The exponent is not negative.
    fileprivate func raised(to exponent: Int128) -> Int128? {
        if magnitude <= 1 { return exponent == 0 ? 1 : exponent % 2 == 0 ? self * self : self }
        guard exponent < 128 else { return nil }
        var power: Int128 = 1
        for _ in 0..<Int(exponent) {
            let (next, overflows) = power.multipliedReportingOverflow(by: self)
            guard !overflows else { return nil }
            power = next
        }
        return power
    }
}
