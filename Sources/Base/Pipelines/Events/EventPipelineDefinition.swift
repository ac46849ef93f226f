// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What `event_pipeline.yaml` says: which events go to which publishers, in Ceilometer's grammar.
package struct EventPipelineDefinition: Sendable, Hashable {
    package struct Source: Sendable, Hashable {
        package var name: String
        /// Shell wildcards over event types.
        package var events: MeterFilter
        /// Names of sinks.
        package var sinks: [String]
    }

    package struct Sink: Sendable, Hashable {
        package var name: String
        package var publishers: [PublisherURL]
    }

    package var sources: [Source] = []
    package var sinks: [Sink] = []

    package init(file: String, text: String) throws(Mistakes) {
        var mistakes = Mistakes()
        let root = mistakes.collect { () throws(Mistake) in try YAMLValue(file: file, text: text) }
        guard let root else { throw mistakes }
        let values = root.fields(of: "event pipeline", required: ["sources", "sinks"], noting: &mistakes)
        for item in Self.items(values["sinks"], "sinks", &mistakes) {
            let fields = item.fields(
                of: "sink", required: ["name", "publishers"], optional: ["transformers"], noting: &mistakes)
            if let transformers = fields["transformers"], !transformers.isNothing {
                mistakes.add(transformers.mistake(allowed: "nothing: events are not transformed"))
            }
            guard let name = Self.text(fields["name"], &mistakes) else { continue }
            let urls = Self.items(fields["publishers"], "publisher URLs", &mistakes).compactMap { item in
                mistakes.collect { () throws(Mistake) in try PublisherURL(item) }
            }
            if sinks.contains(where: { $0.name == name }) { mistakes.add(Self.second(name, item)) }
            sinks.append(Sink(name: name, publishers: urls))
        }
        let known = mistakes.isEmpty ? sinks.map(\.name) : nil
        for item in Self.items(values["sources"], "sources", &mistakes) {
            let fields = item.fields(of: "source", required: ["name", "events", "sinks"], noting: &mistakes)
            let events = fields["events"].flatMap { list in
                mistakes.collectAll { () throws(Mistakes) in try MeterFilter(list) }
            }
            var names: [String] = []
            for sink in Self.items(fields["sinks"], "sink names", &mistakes) {
                guard let name = Self.text(sink, &mistakes) else { continue }
                if let known, !known.contains(name) {
                    mistakes.add(Mistake(sink.place, sink.path, unknown: name, among: known))
                }
                names.append(name)
            }
            guard let name = Self.text(fields["name"], &mistakes), let events else { continue }
            if sources.contains(where: { $0.name == name }) { mistakes.add(Self.second(name, item)) }
            sources.append(Source(name: name, events: events, sinks: names))
        }
        try mistakes.throwIfAny()
    }

    private static func items(_ list: YAMLValue?, _ what: String, _ mistakes: inout Mistakes) -> [YAMLValue] {
        list.flatMap { list in mistakes.collect { () throws(Mistake) in try list.list(of: what) } } ?? []
    }

    private static func text(_ value: YAMLValue?, _ mistakes: inout Mistakes) -> String? {
        value.flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } }
    }

    private static func second(_ name: String, _ item: YAMLValue) -> Mistake {
        Mistake(item.place, "\(item.path).name", found: "a second \(name.quoted)", allowed: "each name once")
    }
}
