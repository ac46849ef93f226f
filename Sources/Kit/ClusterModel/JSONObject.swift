// SPDX-License-Identifier: Apache-2.0

/// A JSON object that keeps its order, on which for example the priorities of a zone migration depend.
///
/// Two objects are equal when they hold the same, whatever its order.
public struct JSONObject: Sendable {
    /// Up to so many entries a walk is quicker than a dictionary.
    private static let fewest = 16

    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: JSONValue
    }

    public private(set) var entries: [Entry] = []
    /// Where each key stands; empty in a small object.
    private var places: [String: Int] = [:]

    public init() {}

    /// Of a key that stands twice, the last value at the first place.
    public init(_ pairs: [(String, JSONValue)]) {
        entries.reserveCapacity(pairs.count)
        for (key, value) in pairs { self[key] = value }
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var keys: [String] { entries.map(\.key) }

    private func place(of key: String) -> Int? {
        places.isEmpty ? entries.firstIndex { $0.key == key } : places[key]
    }

    private mutating func noteAllPlaces() {
        places.removeAll(keepingCapacity: true)
        guard entries.count > Self.fewest else { return }
        for (place, entry) in entries.enumerated() { places[entry.key] = place }
    }

    /// Setting an existing key keeps its place, a new one goes to the end; nil removes.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { entries[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil):
                entries.remove(at: index)
                noteAllPlaces()
            case (nil, let value?):
                entries.append(Entry(key: key, value: value))
                if entries.count == Self.fewest + 1 {
                    noteAllPlaces()
                } else if entries.count > Self.fewest {
                    places[key] = entries.count - 1
                }
            case (nil, nil): break
            }
        }
    }

    /// With each value replaced by what `change` makes of it.
    public func mapValues(_ change: (_ key: String, _ value: JSONValue) throws -> JSONValue) rethrows -> JSONObject {
        var changed = self
        for index in entries.indices {
            changed.entries[index].value = try change(entries[index].key, entries[index].value)
        }
        return changed
    }

    /// With those entries alone that `isIncluded` says yes to.
    public func filter(_ isIncluded: (_ key: String, _ value: JSONValue) throws -> Bool) rethrows -> JSONObject {
        var filtered = JSONObject()
        filtered.entries = try entries.filter { try isIncluded($0.key, $0.value) }
        filtered.noteAllPlaces()
        return filtered
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.entries.count == right.entries.count else { return false }
        return left.entries == right.entries || left.entries.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // The same for each order of the same entries.
        hasher.combine(entries.reduce(0) { $0 &+ $1.hashValue })
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
