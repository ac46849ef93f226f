// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// Where a value stands in an answer, and what is done with it: `path | operation | operation`.
///
/// The path is `.`, the whole, or the keys of objects with dots between. An operation is an ``Expression`` in which
/// `value` is what the part before it gave. As in Ceilometer, `|` separates wherever it stands.
struct AttributePath: Sendable, Hashable {
    /// Names that expressions of extra metadata know besides `value`.
    static let sampleNames = ["sample", "extra_metadata_captured", "extra_metadata_by_name"]

    let text: String
    /// Empty for the whole.
    private let keys: [String]
    private let operations: [Expression]

    /// - Parameter names: what an operation may name besides `value`.
    init(_ text: String, names: [String] = []) throws(ExpressionMistake) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let path = parts[0].trimmed
        guard !path.isEmpty else {
            throw ExpressionMistake(
                column: 1, found: "no path", allowed: "keys with dots between, or . for the whole")
        }
        keys = path == "." ? [] : path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if keys.contains("") {
            throw ExpressionMistake(
                column: 1, found: "a path with an empty key", allowed: "keys with dots between, or . for the whole")
        }
        var operations: [Expression] = []
        for part in parts.dropFirst() {
            let offset = text.unicodeScalars.distance(from: text.startIndex, to: part.startIndex)
            do throws(ExpressionMistake) {
                let operation = try Expression(String(part), names: .these(["value"] + names))
                guard operation.names.contains("value") else {
                    throw ExpressionMistake(
                        column: 1, found: "an operation without value", allowed: "one such as value['id']")
                }
                operations.append(operation)
            } catch {
                var shifted = error
                shifted.column += offset
                throw shifted
            }
        }
        self.operations = operations
        self.text = text
    }

    private init(key: String) {
        text = key
        keys = [key]
        operations = []
    }

    /// One key, as it is.
    static func key(_ key: String) -> AttributePath { AttributePath(key: key) }

    /// - Parameter names: what those besides `value` stand for.
    /// - Returns: ``ExpressionValue/missing`` where the path leads nowhere.
    func value(
        in whole: ExpressionValue, names: [String: ExpressionValue] = [:]
    ) throws(EvaluationError) -> ExpressionValue {
        var value = whole
        for key in keys { value = value.value(of: key) }
        if case .missing = value { return .missing }
        for operation in operations {
            value = try operation.value(in: OperationScope(value: value, names: names))
        }
        return value
    }

    /// The same for what is absent as often as not: nothing, also on the way, is nil, so that `filter` may find none.
    func present(in whole: ExpressionValue, names: [String: ExpressionValue]) throws(EvaluationError)
        -> ExpressionValue?
    {
        var value = whole
        for key in keys { value = value.value(of: key) }
        for operation in operations where value.isTrue {
            value = try operation.value(in: OperationScope(value: value, names: names))
        }
        return value.isTrue ? value : nil
    }
}

/// What the names of an operation stand for.
struct OperationScope: ExpressionScope {
    var value: ExpressionValue = .missing
    var names: [String: ExpressionValue]

    func value(at path: [String]) -> ExpressionValue {
        let start = path[0] == "value" ? value : names[path[0]] ?? .missing
        return path.dropFirst().reduce(start) { $0.value(of: $1) }
    }
}

extension ExpressionValue {
    /// Of a dictionary; missing for others and where there is none.
    func value(of key: String) -> ExpressionValue {
        guard case .dictionary(let entries) = self else { return .missing }
        return entries.first { $0.key == key }?.value ?? .missing
    }

    /// A dictionary with a key set; an existing one keeps its place.
    func setting(_ key: String, _ value: ExpressionValue) -> ExpressionValue {
        guard case .dictionary(var entries) = self else { return self }
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = value
        } else {
            entries.append(.init(key, value))
        }
        return .dictionary(entries)
    }

    var isPresent: Bool {
        if case .missing = self { false } else { true }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
