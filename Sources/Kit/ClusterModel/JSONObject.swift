// SPDX-License-Identifier: Apache-2.0

/// A JSON object that keeps its order, on which for example the priorities of a zone migration depend.
///
/// Look-ups walk the entries; whoever looks up much in a large object makes a dictionary of them first. Two objects
/// are equal when they hold the same, whatever its order.
public struct JSONObject: Sendable {
    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: JSONValue
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    /// Of a key that stands twice, the last value at the first place.
    public init(_ pairs: [(String, JSONValue)]) {
        entries.reserveCapacity(pairs.count)
        guard pairs.count > 8 else {
            for (key, value) in pairs { self[key] = value }
            return
        }
        var places: [String: Int] = [:]
        for (key, value) in pairs {
            if let place = places[key] {
                entries[place].value = value
            } else {
                places[key] = entries.count
                entries.append(Entry(key: key, value: value))
            }
        }
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var keys: [String] { entries.map(\.key) }

    /// Setting an existing key keeps its place, a new one goes to the end; nil removes.
    public subscript(key: String) -> JSONValue? {
        get { entries.first { $0.key == key }?.value }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
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
