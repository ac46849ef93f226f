// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

/// A meter's name, type or unit: a text as it stands, or a path where it reads as one.
struct NameRule: Sendable {
    let text: String
    /// nil for a text as it stands.
    let path: JSONPath?

    /// What has a `$`, or is a path that begins with a part of a notification such as `payload.unit`, is one.
    init(_ value: YAMLValue) throws(Mistake) {
        text = try value.string()
        guard !text.contains("$") else {
            path = try ValueRule.path(value)
            return
        }
        // Most names and units read as paths too, such as disk.root.size, or as none at all, such as %.
        let path = try? JSONPath(text)
        let names = path?.firstNames ?? []
        self.path = !names.isEmpty && names.isSubset(of: NotificationDocument.names) ? path : nil
    }

    /// nil where a path finds no text.
    func value(in document: ExpressionValue) -> String? {
        guard let path else { return text }
        return path.firstValue(in: document)?.textValue
    }
}
