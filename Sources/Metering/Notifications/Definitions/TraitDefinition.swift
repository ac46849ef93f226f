// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// How one trait of an event is found.
struct TraitDefinition: Sendable {
    enum Kind: String, Sendable, CaseIterable { case text, int, float, datetime }

    static let longestText = 255

    var name: String
    var kind: Kind
    var rule: ValueRule

    init(name: String, kind: Kind = .text, rule: ValueRule) {
        self.name = name
        self.kind = kind
        self.rule = rule
    }

    /// A path, or a mapping with fields, type and plugin.
    init(name: String, _ value: YAMLValue) throws(Mistakes) {
        self.name = name
        kind = .text
        guard value.kind == .mapping else {
            rule = try ValueRule(value)
            return
        }
        var mistakes = Mistakes()
        let fields = value.fields(
            of: "trait", required: ["fields"], optional: ["type", "plugin"], noting: &mistakes)
        if let type = fields["type"], let text = mistakes.collect({ () throws(Mistake) in try type.string() }) {
            if let kind = Kind(rawValue: text) {
                self.kind = kind
            } else {
                mistakes.add(Mistake(type.place, type.path, unknown: text, among: Kind.allCases.map(\.rawValue)))
            }
        }
        try mistakes.throwIfAny()
        rule = try ValueRule(value)
    }

    /// nil where there is nothing, or nothing of its type.
    func trait(in document: ExpressionValue) -> Event.Trait? {
        guard let value = rule.value(in: document), value != .none else { return nil }
        if kind != .text, value == .string("") { return nil }
        return converted(value).map { Event.Trait(name, $0) }
    }

    private func converted(_ value: ExpressionValue) -> Event.Value? {
        switch kind {
        case .text:
            let text = value.textValue ?? value.jsonText
            return .text(String(text.unicodeScalars.prefix(Self.longestText)))
        case .int:
            switch value.volume {
            case .integer(let integer)?: return .integer(integer)
            case .real(let real)?: return Int64(exactly: real.rounded(.towardZero)).map { .integer($0) }
            default: return nil
            }
        case .float: return value.volume.map { .real($0.doubleValue) }
        case .datetime: return value.textValue.flatMap { Timestamp(notified: $0) }.map { .datetime($0) }
        }
    }
}
