// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

/// Why JSON can't be read as what it should be.
public struct FleetFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// Fields of a JSON object, with what is wrong named.
struct FleetReader {
    private let object: JSONObject
    private let what: String

    init(_ object: JSONObject, of what: String) {
        self.object = object
        self.what = what
    }

    func wrong(_ key: String, _ allowed: String) -> FleetFormatError {
        let found = object[key].map { String($0.json.prefix(60)) } ?? "nothing"
        return FleetFormatError("\(key) of \(what): \(found); allowed: \(allowed)")
    }

    func text(_ key: String) throws(FleetFormatError) -> String {
        guard let text = object[key]?.string else { throw wrong(key, "a text") }
        return text
    }

    func optionalInteger(_ key: String) throws(FleetFormatError) -> Int? {
        switch object[key] {
        case nil, .null?: return nil
        case let value?:
            guard let integer = value.integer else { throw wrong(key, "a whole number or null") }
            return integer
        }
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(FleetFormatError) -> Word where Word.RawValue == String {
        guard let text = object[key]?.string, let word = Word(rawValue: text) else {
            throw wrong(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    func texts(_ key: String) throws(FleetFormatError) -> [String] {
        switch object[key] {
        case nil, .null?: return []
        case let value?:
            let texts = value.array?.compactMap(\.string)
            guard let texts, texts.count == value.array?.count else { throw wrong(key, "a list of texts") }
            return texts
        }
    }

    func dictionary(_ key: String) throws(FleetFormatError) -> [String: String] {
        switch object[key] {
        case nil, .null?: return [:]
        case let value?:
            guard let entries = value.object?.entries else { throw wrong(key, "an object of texts") }
            var texts: [String: String] = [:]
            for entry in entries {
                guard let text = entry.value.string else { throw wrong(key, "an object of texts") }
                texts[entry.key] = text
            }
            return texts
        }
    }
}

extension JSONObject {
    /// The keys whose values differ.
    static func changedKeys(from before: JSONObject?, to after: JSONObject?) -> Set<String> {
        let keys = Set((before ?? [:]).keys).union((after ?? [:]).keys)
        return keys.filter { before?[$0] != after?[$0] }
    }
}
