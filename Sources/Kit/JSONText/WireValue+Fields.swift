// SPDX-License-Identifier: Apache-2.0
package import Telemetry

/// Fields of an object, read with what is wrong named. A field that is null counts as absent.
extension WireValue {
    private func wrong(_ key: String, _ allowed: String) -> WireError {
        WireError(key, found: self[key].map(\.shown) ?? "nothing", allowed: allowed)
    }

    package func text(_ key: String) throws(WireError) -> String {
        guard case .string(let text)? = self[key] else { throw wrong(key, "a text") }
        return text
    }

    package func optionalText(_ key: String) throws(WireError) -> String? {
        switch self[key] {
        case nil, .null?: nil
        case .string(let text)?: text
        default: throw wrong(key, "a text or null")
        }
    }

    package func integer(_ key: String) throws(WireError) -> Int {
        guard case .integer(let wide)? = self[key], let integer = Int(exactly: wide) else {
            throw wrong(key, "a whole number")
        }
        return integer
    }

    package func number(_ key: String) throws(WireError) -> Double {
        switch self[key] {
        case .integer(let integer)?: Double(integer)
        case .real(let real)?: real
        default: throw wrong(key, "a number")
        }
    }

    /// False where it isn't there.
    package func flag(_ key: String) throws(WireError) -> Bool {
        switch self[key] {
        case nil, .null?: false
        case .bool(let bool)?: bool
        default: throw wrong(key, "true or false")
        }
    }

    /// What `read` makes of each item of a list; none where the list isn't there.
    package func list<Item>(
        _ key: String, _ read: (WireValue) throws(WireError) -> Item
    ) throws(WireError) -> [Item] {
        let items: [WireValue]
        switch self[key] {
        case nil, .null?: return []
        case .array(let array)?: items = array
        default: throw wrong(key, "a list")
        }
        var result: [Item] = []
        result.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            do throws(WireError) {
                result.append(try read(item))
            } catch {
                throw error.inside("\(key)[\(index)]")
            }
        }
        return result
    }

    package func texts(_ key: String) throws(WireError) -> [String] {
        try list(key) { item throws(WireError) in
            guard case .string(let text) = item else { throw WireError("", found: item.shown, allowed: "a text") }
            return text
        }
    }

    /// An object of texts, such as options; empty where it isn't there.
    package func dictionary(_ key: String) throws(WireError) -> [String: String] {
        let entries: [Entry]
        switch self[key] {
        case nil, .null?: return [:]
        case .object(let object)?: entries = object
        default: throw wrong(key, "an object")
        }
        var texts: [String: String] = [:]
        for entry in entries {
            guard case .string(let text) = entry.value else {
                throw WireError(entry.key, found: entry.value.shown, allowed: "a text").inside(key)
            }
            texts[entry.key] = text
        }
        return texts
    }

    package func metadata(_ key: String) throws(WireError) -> Metadata {
        switch self[key] {
        case nil, .null?: return [:]
        case .object(let entries)?:
            do throws(WireError) {
                return try Metadata(entries)
            } catch {
                throw error.inside(key)
            }
        default: throw wrong(key, "an object")
        }
    }

    /// A finite number as it came, with every bit of 64; past those the nearest real.
    package func volume(_ key: String) throws(WireError) -> Volume {
        switch self[key] {
        case .integer(let integer)?:
            return (Int128(Int64.min)...Int128(UInt64.max)).contains(integer)
                ? Volume(integer) : .real(Double(integer))
        case .real(let real)? where real.isFinite: return .real(real)
        default: throw wrong(key, "a finite number")
        }
    }

    package func timestamp(_ key: String) throws(WireError) -> Timestamp? {
        guard let text = try optionalText(key) else { return nil }
        guard let timestamp = Timestamp(parsing: text.utf8) else {
            throw wrong(key, "a time such as 2026-11-21T03:16:50.035734")
        }
        return timestamp
    }
}
