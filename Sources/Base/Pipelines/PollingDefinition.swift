// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What `polling.yaml` says: which meters to poll how often, in Ceilometer's grammar.
package struct PollingDefinition: Sendable, Hashable {
    package struct Source: Sendable, Hashable {
        package var name: String
        /// Seconds between two polls.
        package var interval: Int
        package var meters: MeterFilter
        /// Resources named outright.
        package var resources: [String] = []
        /// As written: `name`, `name:parameter` or `name://parameter`.
        package var discovery: [String] = []
        /// nil where the source's resources, not its pollsters, are divided.
        package var group: CoordinationGroup?
        package var place: Mistake.Place
    }

    package var sources: [Source]
    /// False where there is no file and everything is polled.
    package var isWritten: Bool

    /// What holds without a file: everything, every 300 s.
    package static let everything = PollingDefinition(
        sources: [
            Source(name: "everything", interval: 300, meters: .everything, place: .init("built-in polling definition"))
        ], isWritten: false)

    /// What holds where a fleet service has said nothing yet.
    package static let nothing = PollingDefinition(sources: [], isWritten: false)

    package init(sources: [Source], isWritten: Bool) {
        self.sources = sources
        self.isWritten = isWritten
    }

    package init(file: String, text: String) throws(Mistakes) {
        var mistakes = Mistakes()
        let root = mistakes.collect { () throws(Mistake) in try YAMLValue(file: file, text: text) }
        guard let root else { throw mistakes }
        guard let list = try root.mapping(known: ["sources"])["sources"] else {
            throw Mistakes([Mistake(root.place, "", found: "no sources", allowed: "a mapping with sources")])
        }
        sources = []
        isWritten = true
        let items = mistakes.collect { () throws(Mistake) in try list.list(of: "sources") } ?? []
        for item in items {
            guard let source = mistakes.collectAll({ () throws(Mistakes) in try Source(item) }) else { continue }
            if let earlier = sources.first(where: { $0.name == source.name }) {
                mistakes.add(
                    Mistake(
                        source.place, "\(item.path).name", found: "a second source \(source.name.quoted)",
                        allowed: "each name once; the first is at line \(earlier.place.line ?? 0)"))
            }
            sources.append(source)
        }
        try mistakes.throwIfAny()
    }
}

extension PollingDefinition.Source {
    /// Ten years: longer is a slip of the keyboard.
    private static let longestInterval = 315_360_000

    fileprivate init(_ item: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        let values = item.fields(
            of: "source", required: ["name", "interval", "meters"],
            optional: ["resources", "discovery", "group_id_coordination_expression"], noting: &mistakes)
        let name = values["name"].flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } }
        let interval = values["interval"].flatMap { value in
            mistakes.collect { () throws(Mistake) in try value.integer(1...Self.longestInterval, unit: "seconds") }
        }
        let meters = values["meters"].flatMap { value in
            mistakes.collectAll { () throws(Mistakes) in try MeterFilter(value) }
        }
        let resources = mistakes.texts(values["resources"], "resources")
        let discovery = mistakes.texts(values["discovery"], "discoveries")
        let group = values["group_id_coordination_expression"].flatMap { value in
            value.isNothing ? nil : mistakes.collect { () throws(Mistake) in try CoordinationGroup(value) }
        }
        guard mistakes.isEmpty, let name, let interval, let meters else { throw mistakes }
        self.init(
            name: name, interval: interval, meters: meters, resources: resources, discovery: discovery,
            group: group, place: item.place)
    }
}

extension Mistakes {
    /// The texts of a list; none where it isn't there or is empty, which Ceilometer takes.
    mutating func texts(_ list: YAMLValue?, _ what: String) -> [String] {
        guard let list, !list.isNothing,
            let items = collect({ () throws(Mistake) in try list.list(of: what) })
        else { return [] }
        return items.compactMap { item in collect { () throws(Mistake) in try item.string() } }
    }
}
