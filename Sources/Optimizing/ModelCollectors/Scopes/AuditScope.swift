// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What an audit may touch: rules for each of the models, as JSON.
public struct AuditScope: Sendable, Hashable {
    /// Why a scope can't be applied.
    public enum Mistake: Error, Sendable, Hashable, CustomStringConvertible {
        /// `*` beside other values.
        case wildcardBesideOthers(String)
        case malformed(String)

        public var description: String {
            switch self {
            case .wildcardBesideOthers(let what):
                "\"*\" among the \(what) of a scope stands for all; nothing stands beside it"
            case .malformed(let what): what
            }
        }
    }

    private let parts: [JSONValue]

    /// - Parameter json: a list as `[{"compute": [RULE…]}, {"storage": [RULE…]}]`; empty for everything.
    public init(_ json: JSONValue) throws(Mistake) {
        guard let parts = json.array, parts.allSatisfy({ $0.object != nil }) else {
            throw .malformed("a scope is a list of objects, as [{\"compute\": [...]}], not \(json.json.prefix(80))")
        }
        self.parts = parts
    }

    /// The rules of the first part that has any for a model: `compute`, `storage` or `baremetal`.
    func rules(_ name: String) throws(Mistake) -> [JSONValue] {
        for part in parts {
            guard let rules = part[name] else { continue }
            guard let rules = rules.array else { throw .malformed("the scope's \(name) is a list of rules") }
            if !rules.isEmpty { return rules }
        }
        return []
    }

    /// Whether somebody has to tell which hosts an aggregate or a zone has before it can be applied to compute nodes.
    var namesHostGroups: Bool {
        get throws(Mistake) {
            for rule in try rules("compute") {
                if rule["host_aggregates"] != nil || rule["availability_zones"] != nil { return true }
                if let items = rule["exclude"]?.array, items.contains(where: { $0["host_aggregates"] != nil }) {
                    return true
                }
            }
            return false
        }
    }

    /// As ``namesHostGroups``, for storage.
    var namesStorageZones: Bool {
        get throws(Mistake) { try rules("storage").contains { $0["availability_zones"] != nil } }
    }
}

extension JSONValue {
    /// The values of one key in a list of objects.
    func values(_ key: String) -> [JSONValue] { (array ?? []).compactMap { $0[key] } }

    /// As ``values(_:)``, the texts alone.
    func texts(_ key: String) -> [String] { values(key).compactMap(\.string) }
}

extension [JSONValue] {
    /// Whether this is `*`, which stands for all.
    ///
    /// - Throws: where other values stand beside it.
    func isWildcard(of what: String) throws(AuditScope.Mistake) -> Bool {
        guard contains("*") else { return false }
        guard count == 1 else { throw .wildcardBesideOthers(what) }
        return true
    }
}
