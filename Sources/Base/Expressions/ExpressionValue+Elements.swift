// SPDX-License-Identifier: Apache-2.0

extension ExpressionValue {
    /// Of a dictionary, the value of that key; a missing one is no error yet.
    func attribute(_ name: String) throws(EvaluationError) -> ExpressionValue {
        switch self {
        case .missing: return .missing
        case .dictionary(let entries): return entries.first { $0.key == name }?.value ?? .missing
        default: throw EvaluationError("\(kind) has no attribute \(name.shortInQuotes)")
        }
    }

    /// `self[index]`: an item of a list, a character of a text, a value of a dictionary.
    func element(_ index: ExpressionValue) throws(EvaluationError) -> ExpressionValue {
        switch (self, index) {
        case (.missing, _): return .missing
        case (.dictionary(let entries), .string(let key)):
            return entries.first { $0.key == key }?.value ?? .missing
        case (.list(let items), _):
            return items[try position(index, items.count)]
        case (.string(let text), _):
            let scalars = Array(text.unicodeScalars)
            return .string(String(scalars[try position(index, scalars.count)]))
        default: throw EvaluationError("\(kind) with \(index.kind) in brackets")
        }
    }

    private func position(_ index: ExpressionValue, _ count: Int) throws(EvaluationError) -> Int {
        guard let number = index.integerValue else { throw EvaluationError("\(index.kind) as an index") }
        let position = number < 0 ? Int128(count) + number : number
        guard (0..<Int128(count)).contains(position) else {
            throw EvaluationError("index \(number) of \(kind) of \(count)")
        }
        return Int(position)
    }

    /// `self[from:to:step]`; `none` for a bound that isn't written.
    func slice(
        from: ExpressionValue, to: ExpressionValue, step: ExpressionValue
    ) throws(EvaluationError) -> ExpressionValue {
        switch self {
        case .list(let items):
            return .list(try Self.indices(items.count, from, to, step).map { items[$0] })
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            let kept = try Self.indices(scalars.count, from, to, step).map { scalars[$0] }
            return .string(String(String.UnicodeScalarView(kept)))
        default: throw EvaluationError("a slice of \(kind)")
        }
    }

    /// Bounds past the ends stop there, negative ones count from the end.
    private static func indices(
        _ count: Int, _ from: ExpressionValue, _ to: ExpressionValue, _ step: ExpressionValue
    ) throws(EvaluationError) -> [Int] {
        func bound(_ value: ExpressionValue) throws(EvaluationError) -> Int? {
            if value == .none { return nil }
            guard let number = value.integerValue else { throw EvaluationError("\(value.kind) as a bound") }
            return Int(min(max(number, -Int128(Int32.max)), Int128(Int32.max)))
        }
        let step = try bound(step) ?? 1
        guard step != 0 else { throw EvaluationError("a slice with step 0") }
        // What a bound may be at least and at most: going back, -1 stands before the first.
        let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
        func place(_ bound: Int?, _ missing: Int) -> Int {
            guard let bound else { return missing }
            return min(max(bound < 0 ? bound + count : bound, lowest), highest)
        }
        let start = place(try bound(from), step > 0 ? lowest : highest)
        let end = place(try bound(to), step > 0 ? highest : lowest)
        return Array(stride(from: start, to: end, by: step))
    }
}
