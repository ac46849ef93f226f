// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

extension DynamicDefinition {
    /// Every key that a definition may have.
    static let keys =
        [
            "default_value", "endpoint_type", "extra_metadata_fields", "extra_metadata_fields_cache_seconds",
            "extra_metadata_fields_skip", "headers", "host_command", "metadata_fields", "metadata_mapping", "name",
            "namespaces", "next_sample_url_attribute", "optional", "preserve_mapped_metadata", "project_id_attribute",
            "resource_id_attribute", "response_entries_key", "response_handlers", "sample_type", "skip_sample_values",
            "timeout", "unit", "url_path", "user_id_attribute", "value", "value_attribute", "value_mapping",
        ] + WebCredential.keys

    /// Words with dots between; the last may be `{key}`.
    private static let nameForm = "words with dots between, such as dynamic.magnum.cluster; the last may be {key}"

    /// - Parameters:
    ///   - parent: whose extra metadata this is about; what it says holds where this says nothing.
    ///   - known: the namespaces there are.
    init(_ item: YAMLValue, of parent: DynamicDefinition? = nil, namespaces known: [String]) throws(Mistakes) {
        var reader = DefinitionReader(item, names: parent == nil ? [] : AttributePath.sampleNames)
        let fields = reader.fields
        var name = ""
        if let value = reader.required("name") {
            name = reader.text(value) ?? ""
            if !name.isEmpty, !Self.isName(name) { reader.add(value.mistake(allowed: Self.nameForm)) }
        }
        let kind = reader.kind(or: parent)
        let unit = reader.unit(or: parent)
        if fields["value_attribute"] != nil, let value = fields["value"], parent == nil {
            reader.add(value.mistake(allowed: "only value_attribute"))
        }
        let (submetrics, value) = reader.value(of: name, or: parent)
        let request = reader.request(or: parent)
        let namespaces = reader.namespaces(known) ?? ["central"]
        guard reader.mistakes.isEmpty, let kind, let unit, let value, let request else { throw reader.mistakes }

        self.name = name
        place = item.place
        self.namespaces = namespaces
        meter = Meter(name, kind, unit: unit)
        self.request = request
        self.value = value
        self.submetrics = submetrics
        skippedValues = fields["skip_sample_values"]?.oneOrMore.map(\.expressionValue) ?? []
        mapping = reader.mapping("value_mapping")?.map {
            Mapping(from: $0.key.expressionValue, to: $0.value.expressionValue)
        }
        if let value = fields["default_value"] { defaultValue = value.expressionValue }
        metadata = reader.metadata()
        userID = reader.identifier("user_id_attribute", usually: "user_id")
        projectID = reader.identifier("project_id_attribute", usually: "project_id")
        resourceID = reader.identifier("resource_id_attribute", usually: "id")
        cacheTime = reader.cacheTime(or: parent)
        var skipped = parent?.extra?.skipped ?? []
        if let value = fields["extra_metadata_fields_skip"], !value.isNothing {
            skipped = reader.skipped(value)
        }
        try reader.mistakes.throwIfAny()
        guard let extra = fields["extra_metadata_fields"], !extra.isNothing else { return }
        self.extra = Extra(definitions: [], skipped: skipped)
        var definitions: [DynamicDefinition] = []
        for item in extra.oneOrMore {
            let definition = reader.mistakes.collectAll { () throws(Mistakes) in
                try DynamicDefinition(item, of: self, namespaces: known)
            }
            if let definition { definitions.append(definition) }
        }
        try reader.mistakes.throwIfAny()
        self.extra = Extra(definitions: definitions, skipped: skipped)
    }

    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            let isPlaceholder = index > 0 && index == parts.count - 1 && part.hasPrefix("{") && part.hasSuffix("}")
            let word = isPlaceholder ? part.dropFirst().dropLast() : part
            return !word.isEmpty && word.unicodeScalars.allSatisfy(\.isOfAWord)
        }
    }
}

extension Unicode.Scalar {
    /// Python's `[\w-]`.
    var isOfAWord: Bool { properties.isAlphabetic || properties.numericType != nil || self == "_" || self == "-" }
}
