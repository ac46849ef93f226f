// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import JSONText

/// The bridge between what messages hold and what models, parameters and plans are made of.
extension JSONValue {
    /// Integers past 64 bits become the nearest real; bytes, which JSON has no form for, null.
    package init(_ value: WireValue) {
        self =
            switch value {
            case .null, .binary: .null
            case .bool(let bool): .bool(bool)
            case .integer(let integer): Int(exactly: integer).map { .integer($0) } ?? .real(Double(integer))
            case .real(let real): .real(real)
            case .string(let string): .string(string)
            case .array(let items): .array(items.map { JSONValue($0) })
            case .object(let entries): .object(JSONObject(entries.map { ($0.key, JSONValue($0.value)) }))
            }
    }
}

extension WireValue {
    package init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .integer(let integer): .integer(Int128(integer))
            case .real(let real): .real(real)
            case .string(let string): .string(string)
            case .array(let items): .array(items.map { WireValue($0) })
            case .object(let object): WireValue(object)
            }
    }

    package init(_ object: JSONObject) { self = .object(object.entries.map { Entry($0.key, WireValue($0.value)) }) }

    /// The value of a key as JSON; null where there is none.
    package func json(_ key: String) -> JSONValue { self[key].map { JSONValue($0) } ?? .null }

    /// An object; empty where it isn't there.
    package func jsonObject(_ key: String) throws(WireError) -> JSONObject {
        switch self[key] {
        case nil, .null?: return [:]
        case .object(let entries)?: return JSONObject(entries.map { ($0.key, JSONValue($0.value)) })
        case let other?: throw WireError(key, found: other.shown, allowed: "an object")
        }
    }
}
