// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// A path, URL or command as a definition gives it: plain text, or an expression that makes one.
///
/// Ceilometer evaluates each as Python and takes it as it stands where that fails, so that a path such as `id` becomes
/// something else. Here an expression is what begins with a quotation mark or names one of the values that extra
/// metadata is made from; everything else is plain.
struct TargetText: Sendable, Hashable {
    private enum Kind: Sendable, Hashable {
        case plain(String)
        case computed(Expression)
    }

    let text: String
    private let kind: Kind

    /// - Parameter names: what an expression may name.
    init(_ text: String, names: [String] = []) throws(ExpressionMistake) {
        self.text = text
        kind = Self.isComputed(text) ? .computed(try Expression(text, names: .these(names))) : .plain(text)
    }

    var isPlain: Bool { if case .plain = kind { true } else { false } }

    private static func isComputed(_ text: String) -> Bool {
        text.hasPrefix("'") || text.hasPrefix("\"")
            || AttributePath.sampleNames.contains { name in
                ["[", ".get("].contains { text.contains(name + $0) }
            }
    }

    func value(names: [String: ExpressionValue] = [:]) throws(EvaluationError) -> String {
        switch kind {
        case .plain(let text): return text
        case .computed(let expression):
            let value = try expression.value(in: OperationScope(names: names))
            guard case .string(let text) = value, !text.isEmpty else {
                throw EvaluationError("\(self.text) gives no text")
            }
            return text
        }
    }
}
