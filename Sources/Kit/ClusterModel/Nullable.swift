// SPDX-License-Identifier: Apache-2.0

/// A text that its source may leave out, state as nothing, or state.
public enum Nullable: Sendable, Hashable {
    /// The source said nothing of it: it stands in no XML or JSON.
    case unset
    /// The source said that there is none: JSON's `null`, XML's `None`.
    case null
    case text(String)

    public var text: String? { if case .text(let text) = self { text } else { nil } }

    /// Null where there is no text.
    public init(_ text: String?) { self = text.map(Self.text) ?? .null }

    /// As ``init(_:)``; an empty text is none either.
    public init(notEmpty text: String?) { self.init(text?.isEmpty == true ? nil : text) }
}
