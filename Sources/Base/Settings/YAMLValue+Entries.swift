// SPDX-License-Identifier: Apache-2.0
package import Expressions
internal import Yams

extension YAMLValue {
    /// The entries of a mapping whatever its keys are, in the order written.
    ///
    /// - Parameter what: what the entries are, for messages.
    package func entries(of what: String) throws(Mistake) -> [(key: YAMLValue, value: YAMLValue)] {
        try pairs(allowed: "a mapping of \(what)").map { key, value in
            let name = key.scalar?.string ?? ""
            return (child(key, path), child(value, path.isEmpty ? name : "\(path).\(name)"))
        }
    }

    /// The items of a list, or the one thing that stands here.
    package var oneOrMore: [YAMLValue] {
        guard case .sequence(let sequence) = node else { return [self] }
        return sequence.enumerated().map { child($1, "\(path)[\($0)]") }
    }

    /// What stands here as an expression has it: texts, numbers, truth values, nothing, lists and dictionaries.
    package var expressionValue: ExpressionValue {
        switch node {
        case .scalar(let scalar):
            if node.tag == Tag(.null) { return .none }
            if node.tag == Tag(.bool), let bool = Bool.construct(from: scalar) { return .bool(bool) }
            return number ?? .string(scalar.string)
        case .sequence: return .list(oneOrMore.map(\.expressionValue))
        case .mapping(let mapping):
            return .dictionary(
                mapping.map { key, value in
                    .init(key.scalar?.string ?? "", YAMLValue(value, file: place.file, path: path).expressionValue)
                })
        case .alias: return .none
        }
    }
}
