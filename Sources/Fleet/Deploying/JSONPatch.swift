// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Pipelines

/// What turns one JSON value into another, as RFC 6902 has it. Lists are replaced whole: what stands in one has no name
/// of its own.
struct JSONPatch: Sendable, Hashable {
    struct Operation: Sendable, Hashable {
        enum Kind: String, Sendable { case add, replace, remove }

        var kind: Kind
        /// A JSON pointer.
        var path: String
        /// nil where something is removed.
        var value: JSONValue?

        var json: JSONValue {
            var json: JSONObject = ["op": .string(kind.rawValue), "path": .string(path)]
            json["value"] = value
            return .object(json)
        }

        init(_ kind: Kind, _ path: String, _ value: JSONValue? = nil) {
            self.kind = kind
            self.path = path
            self.value = value
        }

        /// nil for what this type's ``json`` never is.
        init?(json: JSONValue) {
            guard let kind = json["op"]?.string.flatMap(Kind.init(rawValue:)), let path = json["path"]?.string else {
                return nil
            }
            self.init(kind, path, json["value"])
        }
    }

    var operations: [Operation] = []

    init(_ operations: [Operation] = []) { self.operations = operations }

    init(from before: JSONObject, to after: JSONObject) { note(before, after, "") }

    private mutating func note(_ before: JSONObject, _ after: JSONObject, _ path: String) {
        for entry in before.entries where after[entry.key] == nil {
            operations.append(Operation(.remove, "\(path)/\(entry.key.pointerSegment)"))
        }
        for entry in after.entries {
            let place = "\(path)/\(entry.key.pointerSegment)"
            switch (before[entry.key], entry.value) {
            case (nil, let value): operations.append(Operation(.add, place, value))
            case (.object(let old)?, .object(let new)): note(old, new, place)
            case (let old?, let new): if old != new { operations.append(Operation(.replace, place, new)) }
            }
        }
    }

    var json: JSONValue { .array(operations.map(\.json)) }

    init(json: JSONValue) { operations = (json.array ?? []).compactMap(Operation.init(json:)) }
}
