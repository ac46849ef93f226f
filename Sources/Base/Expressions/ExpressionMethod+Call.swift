// SPDX-License-Identifier: Apache-2.0

extension ExpressionMethod {
    /// - Parameter arguments: as many as ``arguments`` says.
    func call(on value: ExpressionValue, _ arguments: [ExpressionValue]) throws(EvaluationError) -> ExpressionValue {
        switch (self, value) {
        case (.get, .dictionary(let entries)):
            guard case .string(let key) = arguments[0] else { break }
            return entries.first { $0.key == key }?.value ?? (arguments.count > 1 ? arguments[1] : .none)
        case (.get, .missing): return arguments.count > 1 ? arguments[1] : .none
        case (.join, .string(let separator)):
            guard case .list(let items) = arguments[0] else { break }
            return try .bounded(.string(try Self.texts(items).joined(separator: separator)))
        case (.replace, .string(let text)):
            guard case .string(let old) = arguments[0], case .string(let new) = arguments[1] else { break }
            guard !old.isEmpty else { throw EvaluationError("replace of an empty text") }
            return try .bounded(.string(text.replacing(old, with: new)))
        case (.split, .string(let text)): return try Self.split(text, arguments)
        case (.strip, .string(let text)):
            guard let characters = arguments.first, characters != .none else { return .string(text.trimmed) }
            guard case .string(let set) = characters else { break }
            return .string(text.trimming(Set(set.unicodeScalars)))
        default: break
        }
        let others = arguments.map(\.kind).joined(separator: " and ")
        throw EvaluationError("\(rawValue) of \(value.kind)" + (others.isEmpty ? "" : " with \(others)"))
    }

    private static func texts(_ items: [ExpressionValue]) throws(EvaluationError) -> [String] {
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw EvaluationError("join with \(item.kind)") }
            texts.append(text)
        }
        return texts
    }

    /// At a separator, or at runs of white space without one; at most as many times as the second argument says.
    private static func split(
        _ text: String, _ arguments: [ExpressionValue]
    ) throws(EvaluationError) -> ExpressionValue {
        var most = Int.max
        if arguments.count > 1 {
            guard let count = arguments[1].integerValue else {
                throw EvaluationError("split with \(arguments[1].kind) as a number")
            }
            if count >= 0 { most = Int(clamping: count) }
        }
        let parts: [String]
        switch arguments.first {
        case .string(let separator)?:
            guard !separator.isEmpty else { throw EvaluationError("split at an empty text") }
            parts = text.split(separator: separator, maxSplits: most, omittingEmptySubsequences: false).map(String.init)
        case nil, .some(.none):
            let words = text.unicodeScalars.split(maxSplits: most) { $0.properties.isWhitespace }
            parts = words.map { String($0.drop { $0.properties.isWhitespace }) }.filter { !$0.isEmpty }
        case let other?: throw EvaluationError("split at \(other.kind)")
        }
        return try .bounded(.list(parts.map { .string($0) }))
    }
}

extension String {
    fileprivate func trimming(_ set: Set<Unicode.Scalar>) -> String {
        guard let first = unicodeScalars.firstIndex(where: { !set.contains($0) }),
            let last = unicodeScalars.lastIndex(where: { !set.contains($0) })
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}
