// SPDX-License-Identifier: Apache-2.0
internal import Settings
internal import Wire

/// How long Gnocchi keeps what: an item of `archive_policies` in `gnocchi_resources.yaml`.
struct ArchivePolicy: Sendable {
    var name: String
    /// As it is posted.
    var body: WireValue

    init?(_ value: YAMLValue, noting mistakes: inout Mistakes) {
        let fields = value.fields(
            of: "archive policy", required: ["name", "definition"], optional: ["aggregation_methods", "back_window"],
            noting: &mistakes)
        guard let nameValue = fields["name"], let definition = fields["definition"] else { return nil }
        let known = mistakes.all.count
        let name = mistakes.collect { () throws(Mistake) in try nameValue.string() } ?? ""
        var entries: [WireValue.Entry] = [.init("name", .string(name))]
        let window = fields["back_window"].flatMap { value in
            mistakes.collect { () throws(Mistake) in
                try value.integer(0...1_000_000, unit: "how many of the coarsest periods back are taken")
            }
        }
        entries.append(.init("back_window", .integer(Int128(window ?? 0))))
        if let methods = fields["aggregation_methods"] {
            let texts = mistakes.collect { () throws(Mistake) in
                var texts: [WireValue] = []
                for item in try methods.list(of: "methods such as mean or rate:mean") {
                    texts.append(.string(try item.string()))
                }
                return texts
            }
            entries.append(.init("aggregation_methods", .array(texts ?? [])))
        }
        var steps: [WireValue] = []
        for item in mistakes.collect({ () throws(Mistake) in try definition.list(of: "periods") }) ?? [] {
            let read =
                mistakes.collectAll { () throws(Mistakes) in
                    try item.mapping(known: ["granularity", "timespan", "points"])
                } ?? [:]
            var step: [WireValue.Entry] = []
            // Gnocchi reads `5 minutes` itself.
            for (key, value) in read.sorted(by: { $0.key < $1.key }) {
                if let text = mistakes.collect({ () throws(Mistake) in try value.string() }) {
                    step.append(.init(key, Int128(text).map { .integer($0) } ?? .string(text)))
                }
            }
            steps.append(.object(step))
        }
        entries.append(.init("definition", .array(steps)))
        guard mistakes.all.count == known else { return nil }
        self.name = name
        body = .object(entries)
    }
}
