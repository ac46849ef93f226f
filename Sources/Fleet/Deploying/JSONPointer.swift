// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Pipelines
internal import Settings

/// A place in a JSON value (RFC 6901): `/polling/sources/cpu/interval`.
struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    var segments: [String]

    init(_ segments: [String]) { self.segments = segments }

    /// A first `/` may be left out.
    init(_ text: String) {
        segments = text.split(separator: "/").map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    var description: String { segments.map { "/" + $0.pointerSegment }.joined() }

    static func + (left: JSONPointer, right: JSONPointer) -> JSONPointer { JSONPointer(left.segments + right.segments) }

    func begins(with other: JSONPointer) -> Bool { segments.starts(with: other.segments) }

    /// nil where there is nothing.
    func value(in json: JSONValue) -> JSONValue? {
        var value = json
        for segment in segments {
            switch value {
            case .object(let object):
                guard let member = object[segment] else { return nil }
                value = member
            case .array(let items):
                guard let index = Int(segment), items.indices.contains(index) else { return nil }
                value = items[index]
            default: return nil
            }
        }
        return value
    }
}

extension JSONObject {
    /// With what another says of the same keys put over it: objects key by key, anything else whole; null takes away.
    ///
    /// - Parameter isLast: whether null is worked off; else it stays, for what this is to be put over in its turn.
    func merged(with other: JSONObject, isLast: Bool = true) -> JSONObject {
        var merged = self
        for entry in other.entries {
            switch (merged[entry.key], entry.value) {
            case (_, .null): merged[entry.key] = isLast ? JSONValue?.none : .some(.null)
            case (.object(let old)?, .object(let new)):
                merged[entry.key] = .object(old.merged(with: new, isLast: isLast))
            // What is null inside of it takes nothing away, and is nothing itself.
            case (_, .object(let new)): merged[entry.key] = .object(JSONObject().merged(with: new, isLast: isLast))
            case (_, let value): merged[entry.key] = value
            }
        }
        return merged
    }

    /// The same with keys in alphabetical order throughout, so that equal objects are equal texts.
    var sorted: JSONObject {
        JSONObject(entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted) })
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let object): .object(object.sorted)
        case .array(let items): .array(items.map(\.sorted))
        default: self
        }
    }

    /// For people: passwords in URLs hidden.
    var withoutPasswords: JSONValue {
        switch self {
        case .string(let text): .string(text.withoutPassword)
        case .array(let items): .array(items.map(\.withoutPasswords))
        case .object(let object): .object(object.mapValues { $1.withoutPasswords })
        default: self
        }
    }
}
