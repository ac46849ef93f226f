// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Expressions
internal import Settings
internal import Telemetry

/// The fields of a request's body, each read with what is wrong named.
struct AuditFields: Sendable {
    private let object: JSONObject

    /// - Throws: ``AuditProblem`` for a body that is no object, or has a field that isn't one of `names`.
    init(_ value: JSONValue, names: [String]) throws {
        guard let object = value.object else {
            throw AuditProblem(.invalid, "The body is no JSON object; allowed: an object with \(Self.list(names)).")
        }
        self.object = object
        for key in object.keys { try Self.check(key, names) }
    }

    static func check(_ key: String, _ names: [String]) throws {
        guard !names.contains(key) else { return }
        let near = NearNames.of(key.utf8.count > 200 ? "" : key, among: names)
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
        throw AuditProblem(.invalid, "There is no field \(key.quoted); allowed: \(list(names)).\(hint)")
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// nil where it isn't given, or is null.
    private subscript(_ key: String) -> JSONValue? { object[key].flatMap { $0 == .null ? nil : $0 } }

    private func wrong(_ key: String, _ allowed: String) -> AuditProblem {
        let found = object[key].map { $0.json.shortened(to: 60) } ?? "missing"
        return AuditProblem(.invalid, "The field \(key) is \(found); allowed: \(allowed).")
    }

    /// As it is.
    func raw(_ key: String) -> JSONValue? { object[key] }

    func isNull(_ key: String) -> Bool { object[key] == .null }

    func text(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string, (1...255).contains(text.utf8.count), !text.contains("\0") else {
            throw wrong(key, "a text of 1 to 255 bytes")
        }
        return text
    }

    func flag(_ key: String) throws -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, "true or false") }
        return flag
    }

    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) throws -> Word?
    where Word.RawValue == String {
        guard let value = self[key] else { return nil }
        guard let word = value.string.flatMap({ Word(rawValue: $0) }) else {
            throw wrong(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    func object(_ key: String) throws -> JSONObject? {
        guard let value = self[key] else { return nil }
        guard let object = value.object else { throw wrong(key, "an object") }
        return object
    }

    func list(_ key: String) throws -> JSONValue? {
        guard let value = self[key] else { return nil }
        guard value.array != nil else { throw wrong(key, "a list") }
        return value
    }

    /// In UTC where it names no zone.
    func time(_ key: String) throws -> Timestamp? {
        guard let value = self[key] else { return nil }
        guard let time = value.string.flatMap({ Timestamp(parsing: $0.utf8) }) else {
            throw wrong(key, "a time such as 2026-11-21T03:16:50, in UTC, or with a zone such as +02:00")
        }
        return time
    }

    /// Seconds may stand there as a number.
    func interval(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        let text = value.string ?? value.integer.map { String($0) } ?? ""
        guard AuditInterval(text) != nil else { throw wrong(key, AuditInterval.allowed) }
        return text
    }
}
