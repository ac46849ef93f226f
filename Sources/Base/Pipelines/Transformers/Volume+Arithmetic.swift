// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

extension Volume {
    /// nil for a real.
    private var whole: Int128? {
        switch self {
        case .integer(let value): Int128(value)
        case .unsigned(let value): Int128(value)
        case .real: nil
        }
    }

    /// A whole number stays one as far as it fits.
    private init(whole: Int128) {
        self = (Int128(Int64.min)...Int128(UInt64.max)).contains(whole) ? Volume(whole) : .real(Double(whole))
    }

    /// Exact between whole numbers.
    static func + (left: Volume, right: Volume) -> Volume {
        guard let first = left.whole, let second = right.whole else {
            return .real(left.doubleValue + right.doubleValue)
        }
        return Volume(whole: first + second)
    }

    /// Exact between whole numbers: two counters near 2^64 differ by what they differ.
    static func - (left: Volume, right: Volume) -> Volume {
        guard let first = left.whole, let second = right.whole else {
            return .real(left.doubleValue - right.doubleValue)
        }
        return Volume(whole: first - second)
    }

    /// What an expression gives, if it can be a volume.
    init(_ value: ExpressionValue) throws(EvaluationError) {
        switch value {
        case .integer(let integer): self.init(whole: integer)
        case .bool(let bool): self = .integer(bool ? 1 : 0)
        case .real(let real) where real.isFinite: self = .real(real)
        default: throw EvaluationError("\(value.pythonText.isEmpty ? "nothing" : value.pythonText) is no volume")
        }
    }

    var expressionValue: ExpressionValue { whole.map { .integer($0) } ?? .real(doubleValue) }
}
