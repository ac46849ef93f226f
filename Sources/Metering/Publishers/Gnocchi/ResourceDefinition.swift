// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings
internal import Telemetry

/// Which of Gnocchi's resource types the resources of some meters are, and what is kept of them: an item of
/// `resources` in `gnocchi_resources.yaml`.
struct ResourceDefinition: Sendable {
    struct Metric: Sendable, Hashable {
        var pattern: Glob
        /// nil where the file's own holds.
        var archivePolicy: String?
        /// nil where the sample's holds.
        var unit: String?
    }

    var type: String
    var metrics: [Metric]
    /// By their names in Gnocchi.
    var attributes: [(name: String, path: FieldPath)]
    /// Event types at which a resource ends.
    var endingEvents: Set<String>

    init(_ value: YAMLValue, noting mistakes: inout Mistakes) {
        let fields = value.fields(
            of: "resource", required: ["resource_type", "metrics"],
            optional: [
                "attributes", "event_create", "event_update", "event_delete", "event_attributes",
                "event_associated_resources", "archive_policy",
            ], noting: &mistakes)
        type =
            fields["resource_type"].flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } }
            ?? ""
        let isName = type.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        if !isName, let value = fields["resource_type"] {
            mistakes.add(value.mistake(allowed: "letters, digits, _ and -"))
        }
        let policy = fields["archive_policy"].flatMap { value in
            mistakes.collect { () throws(Mistake) in try value.string() }
        }
        metrics =
            fields["metrics"].flatMap { value in
                mistakes.collectAll { () throws(Mistakes) in try Self.metrics(value, policy: policy) }
            } ?? []
        attributes =
            fields["attributes"].flatMap { value in
                mistakes.collectAll { () throws(Mistakes) in try Self.attributes(value) }
            } ?? []
        endingEvents =
            fields["event_delete"].flatMap { value in
                mistakes.collect { () throws(Mistake) in try Self.texts(value) }
            } ?? []
        for key in ["event_create", "event_update"] {
            _ = fields[key].flatMap { value in mistakes.collect { () throws(Mistake) in try Self.texts(value) } }
        }
        for key in ["event_attributes", "event_associated_resources"] {
            _ = fields[key].flatMap { value in
                mistakes.collect { () throws(Mistake) in
                    for (_, value) in try value.namedValues(of: "names") { _ = try value.string() }
                }
            }
        }
    }

    private static func metrics(_ value: YAMLValue, policy: String?) throws(Mistakes) -> [Metric] {
        var mistakes = Mistakes()
        var metrics: [Metric] = []
        let isList = value.isList
        let items = mistakes.collect { () throws(Mistake) -> [(name: String, value: YAMLValue)] in
            // Before Ceilometer 11 it was a list of names.
            guard isList else { return try value.namedValues(of: "meters") }
            var items: [(name: String, value: YAMLValue)] = []
            for item in try value.list(of: "meters") { items.append((try item.string(), item)) }
            return items
        }
        for (name, value) in items ?? [] {
            var metric = Metric(pattern: Glob(name), archivePolicy: policy)
            if !isList, !value.isNothing {
                mistakes.collectAll { () throws(Mistakes) in
                    let fields = try value.mapping(known: ["archive_policy_name", "unit"])
                    var own = Mistakes()
                    for (key, value) in fields {
                        guard let text = own.collect({ () throws(Mistake) in try value.string() }) else { continue }
                        if key == "unit" { metric.unit = text } else { metric.archivePolicy = text }
                    }
                    try own.throwIfAny()
                }
            }
            metrics.append(metric)
        }
        try mistakes.throwIfAny()
        return metrics
    }

    private static func attributes(_ value: YAMLValue) throws(Mistakes) -> [(name: String, path: FieldPath)] {
        var mistakes = Mistakes()
        let items = mistakes.collect { () throws(Mistake) in try value.namedValues(of: "attributes") } ?? []
        var attributes: [(name: String, path: FieldPath)] = []
        for (name, value) in items {
            let path = mistakes.collect { () throws(Mistake) in
                guard !value.isMapping else {
                    throw value.mistake(allowed: "the path of a value; Ceilometer's plugin forms are not available")
                }
                return try FieldPath(value)
            }
            if let path { attributes.append((name, path)) }
        }
        try mistakes.throwIfAny()
        return attributes
    }

    private static func texts(_ value: YAMLValue) throws(Mistake) -> Set<String> {
        guard value.isList else { return [try value.string()] }
        var texts: Set<String> = []
        for item in try value.list(of: "event types") { texts.insert(try item.string()) }
        return texts
    }

    func metric(_ meter: String) -> Metric? { metrics.first { $0.pattern.matches(meter) } }

    /// What Gnocchi is to keep of a sample's resource; what isn't known is left out.
    func attributes(of sample: Sample) -> [(name: String, value: Metadata.Value)] {
        let fields = sample.fields
        return attributes.compactMap { name, path in path.value(in: fields).map { (name, $0) } }
    }
}
