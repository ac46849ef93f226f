// SPDX-License-Identifier: Apache-2.0

/// The number in a sample. Counters keep every bit: libvirt's run to 2^64 - 1, past what a `Double` holds exactly.
public enum Volume: Sendable, Hashable {
    case integer(Int64)
    /// Only for values past `Int64.max`; make it with ``init(_:)``, so that equal numbers are equal volumes.
    case unsigned(UInt64)
    case real(Double)

    /// A number past both ends of 64 bits becomes that end.
    @inlinable
    public init(_ value: some BinaryInteger) {
        if value <= Int64.max {
            self = .integer(Int64(clamping: value))
        } else {
            self = .unsigned(UInt64(clamping: value))
        }
    }

    public init(_ value: Double) {
        self = .real(value)
    }

    /// The nearest `Double`; exact below 2^53.
    public var doubleValue: Double {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .real(let value): value
        }
    }

    /// False for NaN and the infinities, which no wire format carries.
    public var isFinite: Bool {
        if case .real(let value) = self { value.isFinite } else { true }
    }
}

extension Volume: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
}

extension Volume: CustomStringConvertible {
    public var description: String {
        switch self {
        case .integer(let value): value.description
        case .unsigned(let value): value.description
        case .real(let value): value.description
        }
    }
}
