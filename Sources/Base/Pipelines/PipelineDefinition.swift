// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What `pipeline.yaml` says: which samples go through which sinks to which publishers, in Ceilometer's grammar.
package struct PipelineDefinition: Sendable, Hashable {
    package struct Source: Sendable, Hashable {
        package var name: String
        package var meters: MeterFilter
        /// Names of sinks.
        package var sinks: [String]
    }

    package struct Sink: Sendable, Hashable {
        package var name: String
        /// One behind the other; without any, samples go on as they are.
        package var transformers: [TransformerDefinition] = []
        /// URLs, in the order written.
        package var publishers: [PublisherURL]
    }

    package var sources: [Source]
    package var sinks: [Sink]

    /// What holds without a file: every sample, for people to read on standard output.
    package static let standardOutput = everything(
        to: [PublisherURL(scheme: "stdout", place: .init("built-in pipeline"))], sink: "stdout")

    /// Every sample, to nobody.
    package static let nothing = everything(
        to: [PublisherURL(scheme: "discard", place: .init("built-in pipeline"))], sink: "nothing")

    /// Every sample, unchanged, to each of these.
    package static func everything(to publishers: [PublisherURL], sink: String) -> PipelineDefinition {
        PipelineDefinition(
            sources: [Source(name: "everything", meters: .everything, sinks: [sink])],
            sinks: [Sink(name: sink, publishers: publishers)])
    }

    package init(sources: [Source], sinks: [Sink]) {
        self.sources = sources
        self.sinks = sinks
    }

    package init(file: String, text: String) throws(Mistakes) {
        var mistakes = Mistakes()
        let root = mistakes.collect { () throws(Mistake) in try YAMLValue(file: file, text: text) }
        guard let root else { throw mistakes }
        let values = try root.mapping(known: ["sources", "sinks"])
        guard let sourceList = values["sources"], let sinkList = values["sinks"] else {
            throw Mistakes([
                Mistake(
                    root.place, "", found: "no \(values["sources"] == nil ? "sources" : "sinks")",
                    allowed: "a mapping with sources and sinks")
            ])
        }
        sinks = []
        for item in mistakes.collect({ () throws(Mistake) in try sinkList.list(of: "sinks") }) ?? [] {
            guard let sink = mistakes.collectAll({ () throws(Mistakes) in try Sink(item) }) else { continue }
            if sinks.contains(where: { $0.name == sink.name }) {
                mistakes.add(
                    Mistake(
                        item.place, "\(item.path).name", found: "a second sink \(sink.name.quoted)",
                        allowed: "each name once"))
            }
            sinks.append(sink)
        }
        // A sink that could not be read has a name all the same: its sources are not to blame.
        let names = mistakes.isEmpty ? sinks.map(\.name) : nil
        sources = []
        for item in mistakes.collect({ () throws(Mistake) in try sourceList.list(of: "sources") }) ?? [] {
            guard let source = mistakes.collectAll({ () throws(Mistakes) in try Source(item, sinks: names) }) else {
                continue
            }
            if sources.contains(where: { $0.name == source.name }) {
                mistakes.add(
                    Mistake(
                        item.place, "\(item.path).name", found: "a second source \(source.name.quoted)",
                        allowed: "each name once"))
            }
            sources.append(source)
        }
        try mistakes.throwIfAny()
    }
}

extension PipelineDefinition.Source {
    /// - Parameter known: the sinks there are; nil where that isn't known.
    fileprivate init(_ item: YAMLValue, sinks known: [String]?) throws(Mistakes) {
        var mistakes = Mistakes()
        let values = item.fields(of: "source", required: ["name", "meters", "sinks"], noting: &mistakes)
        let name = values["name"].flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } }
        let meters = values["meters"].flatMap { value in
            mistakes.collectAll { () throws(Mistakes) in try MeterFilter(value) }
        }
        var sinks: [String] = []
        for item in values["sinks"].flatMap({ list in
            mistakes.collect { () throws(Mistake) in try list.list(of: "sink names") }
        }) ?? [] {
            guard let sink = mistakes.collect({ () throws(Mistake) in try item.string() }) else { continue }
            if let known, !known.contains(sink) {
                mistakes.add(Mistake(item.place, item.path, unknown: sink, among: known))
            }
            sinks.append(sink)
        }
        guard mistakes.isEmpty, let name, let meters else { throw mistakes }
        self.init(name: name, meters: meters, sinks: sinks)
    }
}

extension PipelineDefinition.Sink {
    fileprivate init(_ item: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        let values = item.fields(
            of: "sink", required: ["name", "publishers"], optional: ["transformers"], noting: &mistakes)
        let name = values["name"].flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } }
        var publishers: [PublisherURL] = []
        for item in values["publishers"].flatMap({ list in
            mistakes.collect { () throws(Mistake) in try list.list(of: "publisher URLs") }
        }) ?? [] {
            guard let url = mistakes.collect({ () throws(Mistake) in try PublisherURL(item) }) else { continue }
            publishers.append(url)
        }
        var transformers: [TransformerDefinition] = []
        if let list = values["transformers"], !list.isNothing {
            for item in mistakes.collect({ () throws(Mistake) in try list.list(of: "transformers") }) ?? [] {
                guard
                    let transformer = mistakes.collectAll({ () throws(Mistakes) in try TransformerDefinition(item) })
                else { continue }
                transformers.append(transformer)
            }
        }
        guard mistakes.isEmpty, let name else { throw mistakes }
        self.init(name: name, transformers: transformers, publishers: publishers)
    }
}
