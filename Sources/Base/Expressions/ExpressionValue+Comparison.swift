// SPDX-License-Identifier: Apache-2.0

extension ExpressionValue {
    func compares(_ comparison: Comparison, to right: ExpressionValue) throws(EvaluationError) -> Bool {
        switch comparison {
        case .equal: return isEqual(to: right)
        case .notEqual: return !isEqual(to: right)
        case .isSame: return self == .none
        case .isNotSame: return self != .none
        case .isIn: return try isContained(in: right)
        case .isNotIn: return !(try isContained(in: right))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            if let order = try order(to: right, comparison) { return comparison.holds(order) }
            return false  // NaN is neither less nor greater
        }
    }

    /// Python's `==`: numbers by value, texts by their characters, dictionaries whatever their order; values of
    /// different kinds are unequal.
    package func isEqual(to right: ExpressionValue) -> Bool {
        if let left = integerValue, let right = right.integerValue { return left == right }
        if realValue != nil, right.realValue != nil { return order(ofNumber: right) == 0 }
        switch (self, right) {
        case (.none, .none): return true
        // Not Swift's ==, to which two spellings of one accent are equal.
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.dictionary(let left), .dictionary(let right)):
            return left.count == right.count
                && left.allSatisfy { entry in
                    right.contains { $0.key == entry.key && $0.value.isEqual(to: entry.value) }
                }
        default: return false
        }
    }

    private func isContained(in right: ExpressionValue) throws(EvaluationError) -> Bool {
        switch (self, right) {
        case (.string(let part), .string(let whole)): return part.isEmpty || whole.contains(part)
        case (_, .list(let items)): return items.contains { isEqual(to: $0) }
        case (.string(let key), .dictionary(let entries)): return entries.contains { $0.key == key }
        case (_, .dictionary): return false
        default: throw EvaluationError("in between \(kind) and \(right.kind)")
        }
    }

    /// Negative, zero or positive; nil where one of them is NaN.
    private func order(to right: ExpressionValue, _ comparison: Comparison) throws(EvaluationError) -> Int? {
        if realValue != nil, right.realValue != nil { return order(ofNumber: right) }
        if case .string(let left) = self, case .string(let right) = right {
            // The order of UTF-8 is that of the characters' numbers.
            if left.utf8.elementsEqual(right.utf8) { return 0 }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        }
        throw EvaluationError("\(comparison.rawValue) between \(kind) and \(right.kind)")
    }

    /// Exact also between whole numbers and reals. Both sides are numbers.
    private func order(ofNumber right: ExpressionValue) -> Int? {
        switch (self, right) {
        case (.real(let left), .real(let right)):
            return left < right ? -1 : left > right ? 1 : left == right ? 0 : nil
        case (_, .real(let right)): return integerValue.flatMap { Self.order($0, right) }
        case (.real(let left), _): return right.integerValue.flatMap { Self.order($0, left) }.map { -$0 }
        default:
            guard let left = integerValue, let right = right.integerValue else { return nil }
            return left < right ? -1 : left > right ? 1 : 0
        }
    }

    private static func order(_ left: Int128, _ right: Double) -> Int? {
        if right.isNaN { return nil }
        if right >= 0x1p127 { return -1 }
        if right < -0x1p127 { return 1 }
        let floor = right.rounded(.down)
        let whole = Int128(floor)
        if left != whole { return left < whole ? -1 : 1 }
        return floor < right ? -1 : 0
    }
}

extension Comparison {
    fileprivate func holds(_ order: Int) -> Bool {
        switch self {
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        default: false
        }
    }
}
