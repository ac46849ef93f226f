// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// What makes other values of those that a definition's fields find; Ceilometer's four.
enum TraitPlugin: Sendable {
    static let names = ["bitfield", "map", "split", "timedelta"]

    /// A piece of each text.
    case split(separator: String, segment: Int, most: Int?)
    /// A number whose bits say which paths find something, or find a certain value.
    case bitfield(initial: Int64, flags: [Flag])
    /// Seconds between two times, never negative.
    case timedelta
    /// A value of a table for each.
    case map([(key: ExpressionValue, value: ExpressionValue)], default: ExpressionValue, isCaseSensitive: Bool)

    struct Flag: Sendable {
        var path: JSONPath
        /// From 0.
        var bit: Int
        /// nil: anything but null sets it.
        var value: ExpressionValue?
    }

    func values(of found: [ExpressionValue], in document: ExpressionValue) -> [ExpressionValue] {
        switch self {
        case .split(let separator, let segment, let most):
            return found.compactMap { value in
                guard let text = value.textValue else { return nil }
                let parts = text.split(separator: separator, maxSplits: most ?? .max, omittingEmptySubsequences: false)
                let place = segment < 0 ? parts.count + segment : segment
                return parts.indices.contains(place) ? .string(String(parts[place])) : nil
            }
        case .bitfield(let initial, let flags):
            let bits = flags.reduce(initial) { bits, flag in
                guard let value = flag.path.firstValue(in: document), flag.value.map({ $0 == value }) ?? true else {
                    return bits
                }
                return bits | 1 << Int64(flag.bit)
            }
            return [.integer(Int128(bits))]
        case .timedelta:
            let times = found.compactMap { value in value.textValue.flatMap { Timestamp(notified: $0) } }
            guard found.count == 2, times.count == 2 else { return [] }
            let microseconds = abs(times[1].microseconds - times[0].microseconds)
            return [.real(Double(microseconds) / 1_000_000)]
        case .map(let table, let fallback, let isCaseSensitive):
            return found.map { value in
                table.first { entry in
                    if entry.key == value { return true }
                    guard case .string(let key) = entry.key, let text = value.textValue else { return false }
                    return key == text || !isCaseSensitive && key.lowercased() == text.lowercased()
                }?.value ?? fallback
            }
        }
    }
}
