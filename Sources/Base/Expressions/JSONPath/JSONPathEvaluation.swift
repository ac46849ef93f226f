// SPDX-License-Identifier: Apache-2.0

/// Finds what a path means in a document, once.
final class JSONPathEvaluation {
    /// How many values are looked at: `..` in `..`, and both sides of `|`, multiply.
    private static let mostValues = 1_000_000

    private let document: ExpressionValue
    private var valuesLeft = JSONPathEvaluation.mostValues

    init(document: ExpressionValue) { self.document = document }

    /// Everything that the path finds; nothing, rather than a part, where it would have to look at more values than that.
    func values(of root: JSONPathNode) -> [ExpressionValue] {
        let found = values(of: root, at: document)
        return valuesLeft > 0 ? found : []
    }

    private func values(of node: JSONPathNode, at this: ExpressionValue) -> [ExpressionValue] {
        valuesLeft -= 1
        switch node {
        case .document: return [document]
        case .this: return [this]
        case .literal(let value): return [value]
        case .names(let base, let names):
            return found(in: base, at: this) { value in
                guard case .dictionary(let entries) = value else { return [] }
                return names.compactMap { name in entries.first { $0.key == name }?.value }
            }
        case .anyName(let base):
            return found(in: base, at: this) { value in
                guard case .dictionary(let entries) = value else { return [] }
                return entries.map(\.value)
            }
        case .index(let base, let index):
            return values(of: base, at: this).compactMap { value in
                let list = value.asList
                let place = index < 0 ? list.count + index : index
                return list.indices.contains(place) ? list[place] : nil
            }
        case .slice(let base, let from, let to):
            return found(in: base, at: this) { Array($0.asList.sliced(from, to)) }
        case .each(let base, let inner):
            return found(in: base, at: this) { values(of: inner, at: $0) }
        case .descendants(let base, let inner):
            return found(in: base, at: this) { value in
                var found: [ExpressionValue] = []
                collect(inner, in: value, &found)
                return found
            }
        case .filter(let base, let tests):
            return found(in: base, at: this) { value in
                guard case .list(let items) = value else { return [] }
                return items.filter { item in tests.allSatisfy { passes($0, item) } }
            }
        case .union(let left, let right): return values(of: left, at: this) + values(of: right, at: this)
        case .having(let base, let inner):
            return values(of: base, at: this).filter { !values(of: inner, at: $0).isEmpty }
        case .operation(let left, let operation, let right):
            return applied(operation, values(of: left, at: this), values(of: right, at: this), left, right)
        case .length(let base): return values(of: base, at: this).compactMap(\.length)
        case .split(let base, let separator, let segment, let most):
            return values(of: base, at: this).compactMap { $0.segment(segment, separator, most) }
        case .substitution(let base, let pattern, let template):
            return values(of: base, at: this).compactMap { value in
                guard case .string(let text) = value else { return nil }
                return .string(pattern.replacing(in: text, with: template))
            }
        }
    }

    /// All that `body` makes of what `base` finds, as long as there are values left to look at.
    private func found(
        in base: JSONPathNode, at this: ExpressionValue, _ body: (ExpressionValue) -> [ExpressionValue]
    ) -> [ExpressionValue] {
        var found: [ExpressionValue] = []
        for value in values(of: base, at: this) {
            guard valuesLeft > 0 else { break }
            let more = body(value)
            valuesLeft -= 1 + more.count
            found += more
        }
        return found
    }

    private func collect(_ inner: JSONPathNode, in value: ExpressionValue, _ found: inout [ExpressionValue]) {
        guard valuesLeft > 0 else { return }
        found += values(of: inner, at: value)
        switch value {
        case .list(let items): for item in items { collect(inner, in: item, &found) }
        case .dictionary(let entries): for entry in entries { collect(inner, in: entry.value, &found) }
        default: break
        }
    }

    private func passes(_ test: JSONPathTest, _ item: ExpressionValue) -> Bool {
        let found = values(of: test.path, at: item)
        guard let comparison = test.comparison else { return !found.isEmpty }
        return found.contains { value in
            // A number in a text compares as a number with one.
            var value = value
            if test.value.realValue != nil, case .string(let text) = value, let number = Double(text) {
                value = Int128(text).map { .integer($0) } ?? .real(number)
            }
            return (try? value.compares(comparison, to: test.value)) ?? false  // not comparable: not passed
        }
    }

    /// Lists of equal length pair by pair; one that the text itself gives with each of the other's.
    private func applied(
        _ operation: ArithmeticOperator, _ left: [ExpressionValue], _ right: [ExpressionValue],
        _ leftNode: JSONPathNode, _ rightNode: JSONPathNode
    ) -> [ExpressionValue] {
        var (left, right) = (left, right)
        if case .literal = leftNode, let only = left.first { left = Array(repeating: only, count: right.count) }
        if case .literal = rightNode, let only = right.first { right = Array(repeating: only, count: left.count) }
        guard left.count == right.count else { return [] }
        var results: [ExpressionValue] = []
        for (left, right) in zip(left, right) {
            guard let result = try? left.applying(operation, right) else { return [] }  // as the language has it
            results.append(result)
        }
        return results
    }
}

extension ExpressionValue {
    fileprivate var asList: [ExpressionValue] { if case .list(let items) = self { items } else { [self] } }

    fileprivate var length: ExpressionValue? {
        switch self {
        case .string(let text): .integer(Int128(text.unicodeScalars.count))
        case .list(let items): .integer(Int128(items.count))
        case .dictionary(let entries): .integer(Int128(entries.count))
        default: nil
        }
    }

    fileprivate func segment(_ index: Int, _ separator: String, _ most: Int?) -> ExpressionValue? {
        guard case .string(let text) = self else { return nil }
        let parts = text.split(separator: separator, maxSplits: most ?? .max, omittingEmptySubsequences: false)
        let place = index < 0 ? parts.count + index : index
        return parts.indices.contains(place) ? .string(String(parts[place])) : nil
    }
}

extension [ExpressionValue] {
    fileprivate func sliced(_ from: Int?, _ to: Int?) -> ArraySlice<ExpressionValue> {
        func place(_ bound: Int?, _ missing: Int) -> Int {
            guard let bound else { return missing }
            return Swift.min(Swift.max(bound < 0 ? count + bound : bound, 0), count)
        }
        let (start, end) = (place(from, 0), place(to, count))
        return start < end ? self[start..<end] : []
    }
}
