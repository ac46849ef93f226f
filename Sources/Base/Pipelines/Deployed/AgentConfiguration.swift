// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import Expressions
package import Settings

/// What an agent is told to do by its fleet: what it polls how often, and where to. The fleet service reads it with the
/// same eyes as the agent, so that nothing is handed out that an agent would stumble over.
///
/// As JSON: `namespaces`, `pollsters`, `polling` with `sources`, `pipeline` with `sources` and `sinks`. Sources and sinks
/// are objects by their names, so that each has a place of its own that stays; else they are as in `polling.yaml` and
/// `pipeline.yaml`. What isn't there is as the agent's own files have it.
package struct AgentConfiguration: Sendable {
    /// The namespaces there are.
    package static let knownNamespaces = ["central", "compute", "ipmi"]
    package static let keys = ["namespaces", "pollsters", "polling", "pipeline"]

    package var namespaces: [String]?
    /// Shell wildcards; empty for all.
    package var pollsters: [String] = []
    package var polling: PollingDefinition?
    package var pipeline: PipelineDefinition?

    /// - Parameters:
    ///   - name: what stands for a file's name in messages.
    ///   - known: parts that were read before, so that the ten thousandth node costs no more than a look.
    /// - Throws: mistakes whose keys are JSON pointers: `/polling/sources/cpu/interval`.
    package init(
        _ json: JSONValue, named name: String, known: inout KnownParts
    ) throws(Mistakes) {
        let place = Mistake.Place(name)
        var mistakes = Mistakes()
        guard let object = json.object else {
            throw Mistakes([
                Mistake(place, "/", found: json.json.shortened(to: 60), allowed: "an object with \(Self.listedKeys)")
            ])
        }
        for key in object.keys where !Self.keys.contains(key) {
            mistakes.add(Mistake(place, "/", unknown: key, among: Self.keys))
        }
        namespaces = Self.texts(object["namespaces"], "/namespaces", place, &mistakes)
        for name in namespaces ?? [] where !Self.knownNamespaces.contains(name) {
            mistakes.add(Mistake(place, "/namespaces", unknown: name, among: Self.knownNamespaces))
        }
        pollsters = Self.texts(object["pollsters"], "/pollsters", place, &mistakes) ?? []
        polling = object["polling"].flatMap { value in
            mistakes.collectAll { () throws(Mistakes) in
                try known.polling.part(value) { () throws(Mistakes) in
                    try PollingDefinition(
                        file: "fleet service: polling", text: try Self.text(value, "/polling", lists: ["sources"]))
                }
            }
        }
        pipeline = object["pipeline"].flatMap { value in
            mistakes.collectAll { () throws(Mistakes) in
                try known.pipeline.part(value) { () throws(Mistakes) in
                    try PipelineDefinition(
                        file: "fleet service: pipeline",
                        text: try Self.text(value, "/pipeline", lists: ["sources", "sinks"]))
                }
            }
        }
        guard mistakes.isEmpty else {
            throw Mistakes(
                mistakes.all.map { mistake in
                    var placed = mistake
                    placed.place = place
                    return placed
                })
        }
    }

    package init(_ json: JSONValue, named name: String) throws(Mistakes) {
        var known = KnownParts()
        try self.init(json, named: name, known: &known)
    }

    private static let listedKeys = keys.joined(separator: ", ")

    private static func texts(
        _ value: JSONValue?, _ key: String, _ place: Mistake.Place, _ mistakes: inout Mistakes
    ) -> [String]? {
        guard let value, value != .null else { return nil }
        let texts = (value.array ?? []).compactMap(\.string)
        guard let items = value.array, texts.count == items.count, !texts.contains("") else {
            mistakes.add(
                Mistake(place, key, found: value.json.shortened(to: 60), allowed: "a list of texts that aren't empty"))
            return nil
        }
        return texts
    }

    /// The objects by name made the lists that the readers of files know; JSON is YAML.
    private static func text(_ value: JSONValue, _ key: String, lists: [String]) throws(Mistakes) -> String {
        func mistake(_ path: String, _ value: JSONValue, _ allowed: String) -> Mistakes {
            Mistakes([Mistake(.init(""), path, found: value.json.shortened(to: 60), allowed: allowed)])
        }
        guard let object = value.object else {
            throw mistake(key, value, "an object with \(lists.joined(separator: ", "))")
        }
        var listed = JSONObject()
        for entry in object.entries {
            guard lists.contains(entry.key) else {
                listed[entry.key] = entry.value
                continue
            }
            guard let named = entry.value.object else {
                throw mistake("\(key)/\(entry.key)", entry.value, "an object, each \(entry.key.dropLast()) by its name")
            }
            var items: [JSONValue] = []
            for item in named.entries {
                guard var fields = item.value.object else {
                    throw mistake(
                        "\(key)/\(entry.key)/\(item.key.pointerSegment)", item.value,
                        "an object, the \(entry.key.dropLast())'s")
                }
                fields["name"] = .string(item.key)
                items.append(.object(fields))
            }
            listed[entry.key] = .array(items)
        }
        return JSONValue.object(listed).json
    }
}

extension String {
    /// As it stands in a JSON pointer (RFC 6901).
    package var pointerSegment: String {
        replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
