// SPDX-License-Identifier: Apache-2.0

extension ExpressionValue {
    /// Python's `str`: a text as it is, what stands inside of lists and dictionaries as Python would write it.
    package var pythonText: String {
        if case .string(let text) = self { return text }
        return pythonLiteral
    }

    private var pythonLiteral: String {
        switch self {
        case .missing: ""
        case .none: "None"
        case .bool(let bool): bool ? "True" : "False"
        case .integer(let integer): integer.description
        case .real(let real): real.pythonText
        case .string(let text): text.pythonLiteral
        case .list(let items): "[\(items.map(\.pythonLiteral).joined(separator: ", "))]"
        case .dictionary(let entries):
            "{" + entries.map { "\($0.key.pythonLiteral): \($0.value.pythonLiteral)" }.joined(separator: ", ") + "}"
        }
    }
}
