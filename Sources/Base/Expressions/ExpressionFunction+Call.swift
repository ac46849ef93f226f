// SPDX-License-Identifier: Apache-2.0

extension ExpressionFunction {
    /// - Parameter arguments: as many as ``arguments`` says.
    func call(_ arguments: [ExpressionValue]) throws(EvaluationError) -> ExpressionValue {
        let value = arguments[0]
        switch self {
        case .abs:
            if case .real(let real) = value { return .real(real.magnitude) }
            if let integer = value.integerValue {
                return integer < 0 ? try value.negated() : .integer(integer)
            }
        case .float:
            if let real = value.realValue { return .real(real) }
            if case .string(let text) = value, let real = Double(text.trimmed) { return .real(real) }
        case .int:
            if let integer = value.integerValue { return .integer(integer) }
            if case .real(let real) = value { return try Self.whole(real) }
            if case .string(let text) = value, let integer = Int128(text.trimmed) { return .integer(integer) }
        case .len:
            switch value {
            case .string(let text): return .integer(Int128(text.unicodeScalars.count))
            case .list(let items): return .integer(Int128(items.count))
            case .dictionary(let entries): return .integer(Int128(entries.count))
            default: break
            }
        case .list:
            switch value {
            case .string(let text): return try .bounded(.list(text.unicodeScalars.map { .string(String($0)) }))
            case .list: return value
            case .dictionary(let entries): return .list(entries.map { .string($0.key) })
            default: break
            }
        case .max: return try Self.extreme(arguments, .greater)
        case .min: return try Self.extreme(arguments, .less)
        case .str: return try .bounded(.string(value.pythonText))
        }
        throw EvaluationError("\(rawValue) of \(value.shown)")
    }

    /// Without its fraction.
    private static func whole(_ real: Double) throws(EvaluationError) -> ExpressionValue {
        guard real.isFinite else { throw EvaluationError("int of \(real.pythonText)") }
        return real.magnitude < 0x1p127 ? .integer(Int128(real)) : .real(real)
    }

    /// Of several values, or of a list's; among equals the first.
    private static func extreme(
        _ arguments: [ExpressionValue], _ comparison: Comparison
    ) throws(EvaluationError) -> ExpressionValue {
        var values = arguments
        if arguments.count == 1 {
            guard case .list(let items) = arguments[0] else {
                throw EvaluationError("max or min of \(arguments[0].shown) alone")
            }
            values = items
        }
        guard var best = values.first else { throw EvaluationError("max or min of nothing") }
        for value in values.dropFirst() where try value.compares(comparison, to: best) { best = value }
        return best
    }
}

extension ExpressionValue {
    /// For messages: short values themselves, else what kind they are.
    fileprivate var shown: String {
        if case .string(let text) = self { return text.shortInQuotes }
        return kind
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        guard let first = unicodeScalars.firstIndex(where: { !isSpace($0) }),
            let last = unicodeScalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}
