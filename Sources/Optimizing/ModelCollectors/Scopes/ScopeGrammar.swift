// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What a scope says that nobody understands: applied, it would leave out nothing.
public struct ScopeProblem: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// It stands under a name that isn't known there; those that are.
        case name(String, known: [String])
        /// It is no `list`, `object`, or `text or number`, but this.
        case form(String, wanted: String)
    }

    /// As a JSON pointer, such as `/0/compute/1/exclude`; empty for the whole.
    public var place: String
    public var kind: Kind
}

extension AuditScope {
    private indirect enum Form: Sendable {
        case list(Form)
        case object([String: Form])
        case scalar, anything
    }

    private static let grammar: Form = {
        func items(_ names: String...) -> Form {
            .list(.object(Dictionary(uniqueKeysWithValues: names.map { ($0, .scalar) })))
        }
        let zones = items("name")
        return .list(
            .object([
                "compute": .list(
                    .object([
                        "host_aggregates": items("id", "name"), "availability_zones": zones,
                        "exclude": .list(
                            .object([
                                "instances": items("uuid"), "compute_nodes": items("name"),
                                "host_aggregates": items("id", "name"), "projects": items("uuid"),
                                "instance_metadata": .list(.anything),
                            ])),
                    ])),
                "storage": .list(
                    .object([
                        "availability_zones": zones, "volume_types": items("name"),
                        "exclude": .list(
                            .object([
                                "storage_pools": items("name"), "volumes": items("uuid"), "projects": items("uuid"),
                            ])),
                    ])),
                "baremetal": .list(.object(["exclude": .list(.object(["ironic_nodes": items("uuid")]))])),
            ]))
    }()

    /// Looks for what is misspelt, before a scope is kept.
    public static func check(_ json: JSONValue) throws(ScopeProblem) { try check(json, grammar, "") }

    private static func check(_ value: JSONValue, _ form: Form, _ place: String) throws(ScopeProblem) {
        func wrong(_ wanted: String) -> ScopeProblem {
            ScopeProblem(place: place, kind: .form(String(value.json.prefix(80)), wanted: wanted))
        }
        switch form {
        case .list(let item):
            guard let items = value.array else { throw wrong("a list") }
            for (index, value) in items.enumerated() { try check(value, item, "\(place)/\(index)") }
        case .object(let fields):
            guard let object = value.object else { throw wrong("an object") }
            for entry in object.entries {
                guard let form = fields[entry.key] else {
                    throw ScopeProblem(place: place, kind: .name(entry.key, known: fields.keys.sorted()))
                }
                try check(entry.value, form, "\(place)/\(entry.key)")
            }
        case .scalar:
            guard value.string != nil || value.integer != nil else { throw wrong("a text or number") }
        case .anything: break
        }
    }
}
