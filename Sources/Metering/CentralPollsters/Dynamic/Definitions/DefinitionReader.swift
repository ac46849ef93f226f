// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// Reads the keys of one definition and notes all that is wrong with them.
struct DefinitionReader {
    let item: YAMLValue
    let fields: [String: YAMLValue]
    /// What its operations may name besides `value`.
    let names: [String]
    var mistakes = Mistakes()

    init(_ item: YAMLValue, names: [String]) {
        self.item = item
        self.names = names
        fields = item.fields(of: "pollster", required: [], optional: DynamicDefinition.keys, noting: &mistakes)
    }

    mutating func add(_ mistake: Mistake) { mistakes.add(mistake) }

    /// A key that has to be there.
    mutating func required(_ key: String) -> YAMLValue? {
        if let value = fields[key], !value.isNothing { return value }
        // What a misspelt key leaves missing is no mistake of its own.
        if mistakes.isEmpty {
            add(Mistake(fields[key]?.place ?? item.place, item.path, found: "a pollster without \(key)", allowed: key))
        }
        return nil
    }

    mutating func text(_ value: YAMLValue) -> String? {
        mistakes.collect { () throws(Mistake) in try value.string() }
    }

    mutating func kind(or parent: DynamicDefinition?) -> Meter.Kind? {
        if fields["sample_type"] == nil, let parent { return parent.meter.kind }
        guard let value = required("sample_type"), let text = text(value) else { return nil }
        if let kind = Meter.Kind(rawValue: text) { return kind }
        add(
            Mistake(
                value.place, value.path, unknown: text, among: Meter.Kind.allCases.map(\.rawValue)))
        return nil
    }

    mutating func unit(or parent: DynamicDefinition?) -> String? {
        if fields["unit"] == nil, let parent { return parent.meter.unit }
        return required("unit").flatMap { text($0) }
    }

    /// A key with a path; nil where it isn't there.
    mutating func path(_ key: String) -> AttributePath? {
        guard let value = fields[key], !value.isNothing, let text = text(value) else { return nil }
        return path(text, value)
    }

    mutating func path(_ text: String, _ value: YAMLValue) -> AttributePath? {
        do throws(ExpressionMistake) {
            return try AttributePath(text, names: names)
        } catch {
            add(value.mistake(error))
            return nil
        }
    }

    mutating func target(_ key: String) -> TargetText? {
        guard let value = fields[key], !value.isNothing, let text = text(value) else { return nil }
        do throws(ExpressionMistake) {
            return try TargetText(text, names: names)
        } catch {
            add(value.mistake(error))
            return nil
        }
    }

    mutating func value(
        of name: String, or parent: DynamicDefinition?
    ) -> (DynamicDefinition.Submetrics?, AttributePath?) {
        let key = fields["value_attribute"] != nil || parent == nil ? "value_attribute" : "value"
        if fields[key] == nil, let parent { return (nil, parent.value) }
        guard let value = required(key), let text = text(value) else { return (nil, nil) }
        let placeholder = name.hasSuffix("}") ? name.lastIndex(of: "{").map { name[name.index(after: $0)...] } : nil
        guard let placeholder else {
            if text.hasPrefix("[") {
                add(value.mistake(allowed: "[list].key only where the name ends with .{key}; else key.key | operation"))
            }
            return (nil, path(text, value))
        }
        guard let end = text.firstIndex(of: "]"), text.hasPrefix("["), text[end...].hasPrefix("]."),
            !text[..<end].dropFirst().isEmpty, !text.contains("|")
        else {
            add(value.mistake(allowed: "[list].key, as the name ends with .{key}"))
            return (nil, nil)
        }
        let submetrics = DynamicDefinition.Submetrics(
            list: String(text[..<end].dropFirst()), name: String(placeholder.dropLast()))
        return (submetrics, path(String(text[end...].dropFirst(2)), value))
    }

    /// The path of an identifier; an empty text means that there is none.
    mutating func identifier(_ key: String, usually: String) -> AttributePath? {
        guard let value = fields[key] else { return .key(usually) }
        return value.isNothing ? nil : path(key)
    }

    mutating func mapping(_ key: String) -> [(key: YAMLValue, value: YAMLValue)]? {
        guard let value = fields[key], !value.isNothing else { return nil }
        return mistakes.collect { () throws(Mistake) in try value.entries(of: "values") }
    }

    mutating func metadata() -> [DynamicDefinition.MetadataField] {
        var names: [String: String] = [:]
        for (key, value) in mapping("metadata_mapping") ?? [] {
            if let from = text(key), let to = text(value) { names[from] = to }
        }
        let preserves = flag("preserve_mapped_metadata") ?? true
        guard let list = fields["metadata_fields"], !list.isNothing else { return [] }
        let texts = list.oneOrMore.compactMap { value in text(value).map { ($0, value) } }
        if let key = names.keys.sorted().first(where: { key in !texts.contains { $0.0 == key } }) {
            let place = fields["metadata_mapping"] ?? list
            add(Mistake(place.place, place.path, unknown: key, among: texts.map(\.0)))
        }
        return texts.compactMap { text, value in
            guard let path = path(text, value) else { return nil }
            let mapped = names[text]
            return .init(path: path, names: (mapped == nil || preserves ? [text] : []) + (mapped.map { [$0] } ?? []))
        }
    }

    mutating func flag(_ key: String) -> Bool? {
        fields[key].flatMap { value in mistakes.collect { () throws(Mistake) in try value.boolean() } }
    }

    mutating func namespaces(_ known: [String]) -> Set<String>? {
        guard let value = fields["namespaces"], !value.isNothing else { return nil }
        var names: Set<String> = []
        for item in value.oneOrMore {
            guard let name = text(item) else { continue }
            if known.contains(name) {
                names.insert(name)
            } else {
                add(Mistake(item.place, item.path, unknown: name, among: known))
            }
        }
        return names
    }

    mutating func skipped(_ value: YAMLValue) -> [ExpressionValue] {
        value.oneOrMore.compactMap { item in
            guard case .dictionary(let entries) = item.expressionValue else {
                add(item.mistake(allowed: "a mapping of keys to the values that are left out"))
                return nil
            }
            return entries.isEmpty ? nil : item.expressionValue
        }
    }

    mutating func cacheTime(or parent: DynamicDefinition?) -> Duration {
        let standard = parent?.cacheTime ?? .seconds(3600)
        return seconds("extra_metadata_fields_cache_seconds", 0...31_536_000).map { .seconds($0) } ?? standard
    }

    mutating func seconds(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        fields[key].flatMap { value in
            mistakes.collect { () throws(Mistake) in try value.integer(range, unit: "seconds") }
        }
    }
}
