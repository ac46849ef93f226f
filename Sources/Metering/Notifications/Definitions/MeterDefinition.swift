// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// One item of `metric:` in a file of `meters.d`: which notifications give a meter's samples, and from what.
struct MeterDefinition: Sendable {
    /// What may be looked up for several samples at once.
    static let lookups = [
        "name", "type", "unit", "volume", "resource_id", "project_id", "user_id", "timestamp",
    ]

    let place: Mistake.Place
    let name: NameRule
    let eventTypes: [EventTypePattern]
    let type: NameRule
    let unit: NameRule
    let volume: ValueRule
    let resourceID: ValueRule
    let projectID: ValueRule?
    let userID: ValueRule?
    let timestamp: ValueRule?
    let metadata: [(name: String, rule: ValueRule)]
    let userMetadata: ValueRule?
    /// The fields that are lists, an item for each sample; empty for one sample.
    let lookup: Set<String>

    init(_ item: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        let values = item.fields(
            of: "meter definition", required: ["name", "event_type", "type", "unit", "volume", "resource_id"],
            optional: ["project_id", "user_id", "timestamp", "metadata", "user_metadata", "lookup"], noting: &mistakes)
        place = item.place
        lookup = Self.lookup(values["lookup"], &mistakes)
        func rule(_ key: String) -> ValueRule? {
            values[key].flatMap { value in
                value.isNothing ? nil : mistakes.collectAll { () throws(Mistakes) in try ValueRule(value) }
            }
        }
        func text(_ key: String) -> NameRule? {
            values[key].flatMap { value in mistakes.collect { () throws(Mistake) in try NameRule(value) } }
        }
        let name = text("name")
        let type = text("type")
        let unit = text("unit")
        let volume = rule("volume")
        let resourceID = rule("resource_id")
        projectID = rule("project_id")
        userID = rule("user_id")
        timestamp = rule("timestamp")
        userMetadata = rule("user_metadata")
        let eventTypes = values["event_type"].flatMap { value in
            mistakes.collectAll { () throws(Mistakes) in try EventTypePattern.list(value) }
        }
        var metadata: [(name: String, rule: ValueRule)] = []
        if let mapping = values["metadata"], !mapping.isNothing {
            let entries = mistakes.collect { () throws(Mistake) in try mapping.namedValues(of: "metadata") } ?? []
            for (name, value) in entries {
                let rule = mistakes.collectAll { () throws(Mistakes) in try ValueRule(value) }
                if let rule { metadata.append((name, rule)) }
            }
        }
        self.metadata = metadata
        if let type, let value = values["type"], type.path == nil, Meter.Kind(rawValue: type.text) == nil {
            mistakes.add(
                Mistake(value.place, value.path, unknown: type.text, among: Meter.Kind.allCases.map(\.rawValue)))
        }
        if let volume, let value = values["volume"], case .constant(.integer(0)) = volume.source {
            mistakes.add(value.mistake(allowed: "another number: Ceilometer takes 0 for no volume at all"))
        }
        guard mistakes.isEmpty, let name, let type, let unit, let volume, let resourceID, let eventTypes else {
            throw mistakes
        }
        self.name = name
        self.type = type
        self.unit = unit
        self.volume = volume
        self.resourceID = resourceID
        self.eventTypes = eventTypes
    }

    private static func lookup(_ value: YAMLValue?, _ mistakes: inout Mistakes) -> Set<String> {
        guard let value, !value.isNothing else { return [] }
        let items =
            value.kind == .list
            ? mistakes.collect { () throws(Mistake) in try value.list(of: "fields") } ?? [] : [value]
        var names: Set<String> = []
        for item in items {
            guard let name = mistakes.collect({ () throws(Mistake) in try item.string() }) else { continue }
            if lookups.contains(name) {
                names.insert(name)
            } else {
                mistakes.add(Mistake(item.place, item.path, unknown: name, among: lookups))
            }
        }
        return names
    }

    var usesOldContext: Bool {
        let rules = [volume, resourceID, projectID, userID, timestamp, userMetadata].compactMap { $0 }
        return (rules + metadata.map(\.rule)).contains(where: \.usesOldContext)
    }

    func matches(_ eventType: String) -> Bool { eventTypes.contains { $0.matches(eventType) } }

    /// For messages: its name and where it stands.
    var shown: String { "\(name.text.quoted) (\(place.file):\(place.line ?? 0))" }
}
