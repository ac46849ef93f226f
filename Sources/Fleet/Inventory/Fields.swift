// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Expressions
internal import HypsometerKit
internal import JSONText
internal import Settings

/// The fields of a request's body, each read with what is wrong named.
struct Fields: Sendable {
    private let object: JSONObject

    /// - Throws: ``FleetProblem`` for a body that is no object, or has a field that isn't one of `names`.
    init(_ value: JSONValue, names: [String]) throws {
        guard let object = value.object else {
            throw FleetProblem(
                .invalid, "The body is no JSON object; allowed: an object with \(names.joined(separator: ", ")).")
        }
        self.object = object
        for key in object.keys where !names.contains(key) {
            let near = NearNames.of(key.utf8.count > 200 ? "" : key, among: names)
            let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
            throw FleetProblem(
                .invalid, "There is no field \(key.quoted); allowed: \(names.joined(separator: ", ")).\(hint)")
        }
    }

    func has(_ key: String) -> Bool { object[key] != nil }
    func isNull(_ key: String) -> Bool { object[key] == .null }

    private func wrong(_ key: String, _ allowed: String) -> FleetProblem {
        let found = object[key].map { $0.json.shortened(to: 60) } ?? "missing"
        return FleetProblem(.invalid, "The field \(key) is \(found); allowed: \(allowed).")
    }

    /// nil where it isn't given.
    func text(_ key: String, in length: ClosedRange<Int> = 1...255) throws -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string, length.contains(text.utf8.count), !text.unicodeScalars.contains("\0") else {
            throw wrong(key, "a text of \(length.lowerBound) to \(length.upperBound) bytes")
        }
        return text
    }

    func required(_ key: String) throws -> String {
        guard let text = try text(key) else { throw wrong(key, "a text of 1 to 255 bytes") }
        return text
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = object[key] else { return nil }
        guard let integer = value.integer, range.contains(integer) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func flag(_ key: String) throws -> Bool? {
        guard let value = object[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, "true or false") }
        return flag
    }

    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws -> Word?
    where Word.RawValue == String {
        guard let value = object[key] else { return nil }
        guard let word = value.string.flatMap({ Word(rawValue: $0) }) else {
            throw wrong(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    func texts(_ key: String) throws -> [String]? {
        guard let value = object[key] else { return nil }
        return try Self.names(value, "The field \(key)")
    }

    func integers(_ key: String) throws -> [Int]? {
        guard let value = object[key] else { return nil }
        guard let items = value.array, case let integers = items.compactMap(\.integer), integers.count == items.count
        else {
            throw wrong(key, "a list of whole numbers")
        }
        return integers
    }

    func array(_ key: String) throws -> [JSONValue]? {
        guard let value = object[key] else { return nil }
        guard let items = value.array else { throw wrong(key, "a list") }
        return items
    }

    func object(_ key: String) throws -> JSONObject? {
        guard let value = object[key] else { return nil }
        guard let object = value.object else { throw wrong(key, "an object") }
        return object
    }

    func labels(_ key: String) throws -> [String: String]? {
        guard let object = try object(key) else { return nil }
        var labels: [String: String] = [:]
        for entry in object.entries {
            guard let text = entry.value.string, (1...63).contains(entry.key.utf8.count), text.utf8.count <= 255 else {
                throw wrong(key, "an object of texts of at most 255 bytes, under names of at most 63")
            }
            labels[entry.key] = text
        }
        return labels
    }

    /// A list of texts, each once: doubled ones collapse.
    static func names(_ value: JSONValue, _ what: String) throws -> [String] {
        let texts = (value.array ?? []).compactMap(\.string)
        guard let items = value.array, texts.count == items.count,
            texts.allSatisfy({ (1...255).contains($0.utf8.count) })
        else {
            throw FleetProblem(
                .invalid,
                "\(what) is \(value.json.shortened(to: 60)); allowed: a list of texts, such as [\"a\", \"b\"].")
        }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
