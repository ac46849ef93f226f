// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// One item of `event_definitions.yaml`: which notifications become events, with which traits.
struct EventDefinition: Sendable {
    let place: Mistake.Place
    /// As written, for messages.
    let patterns: [String]
    private let included: [Glob]
    private let excluded: [Glob]
    let traits: [TraitDefinition]

    /// What every event has, unless its definition says otherwise.
    private static let standardTraits: [TraitDefinition] = [
        ("service", ["publisher_id"]), ("request_id", ["ctxt.request_id"]),
        ("project_id", ["payload.tenant_id", "ctxt.project_id"]), ("user_id", ["payload.user_id", "ctxt.user_id"]),
        ("tenant_id", ["payload.tenant_id", "ctxt.project_id"]),
    ].map { name, paths in
        do {
            return TraitDefinition(name: name, rule: try ValueRule(paths: paths))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// For what no other definition is about.
    static let everything = EventDefinition(
        place: .init("built-in definition"), patterns: ["*"], traits: standardTraits)

    private init(place: Mistake.Place, patterns: [String], traits: [TraitDefinition]) {
        self.place = place
        self.patterns = patterns
        self.traits = traits
        let taken = patterns.filter { !$0.hasPrefix("!") }
        // Exclusions alone leave all the rest.
        included = (taken.isEmpty ? ["*"] : taken).map { Glob($0) }
        excluded = patterns.filter { $0.hasPrefix("!") }.map { Glob(String($0.dropFirst())) }
    }

    init(_ item: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        let fields = item.fields(
            of: "event definition", required: ["event_type"], optional: ["traits"], noting: &mistakes)
        var patterns: [String] = []
        if let types = fields["event_type"] {
            let items =
                types.kind == .list
                ? mistakes.collect { () throws(Mistake) in try types.list(of: "shell patterns") } ?? [] : [types]
            for item in items {
                guard let text = mistakes.collect({ () throws(Mistake) in try item.string() }) else { continue }
                if text == "!" { mistakes.add(item.mistake(allowed: "a pattern after the !")) }
                patterns.append(text)
            }
        }
        var traits = Self.standardTraits
        if let mapping = fields["traits"], !mapping.isNothing {
            let entries = mistakes.collect { () throws(Mistake) in try mapping.namedValues(of: "traits") } ?? []
            for (name, value) in entries {
                let made = mistakes.collectAll { () throws(Mistakes) in try TraitDefinition(name: name, value) }
                guard let made else { continue }
                if let index = traits.firstIndex(where: { $0.name == name }) {
                    traits[index] = made
                } else {
                    traits.append(made)
                }
            }
        }
        try mistakes.throwIfAny()
        self.init(place: item.place, patterns: patterns, traits: traits)
    }

    func matches(_ eventType: String) -> Bool {
        included.contains { $0.matches(eventType) } && !excluded.contains { $0.matches(eventType) }
    }

    var usesOldContext: Bool { traits.contains(where: \.rule.usesOldContext) }

    func event(of notification: ReceivedNotification, _ document: ExpressionValue) -> Event {
        Event(
            messageID: notification.messageID, eventType: notification.eventType, generated: notification.timestamp,
            traits: traits.compactMap { $0.trait(in: document) })
    }

    /// For messages: its patterns and where it stands.
    var shown: String {
        "\(patterns.joined(separator: ", ").quoted) (\(place.file)\(place.line.map { ":\($0)" } ?? ""))"
    }
}
