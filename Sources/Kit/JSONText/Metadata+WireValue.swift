// SPDX-License-Identifier: Apache-2.0
package import Telemetry

extension WireValue {
    package init(_ metadata: Metadata) {
        self = .object(metadata.entries.map { Entry($0.key, WireValue($0.value)) })
    }

    private init(_ value: Metadata.Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(Int128(integer))
        case .real(let real): self = .real(real)
        case .string(let string): self = .string(string)
        case .array(let values): self = .array(values.map { WireValue($0) })
        case .object(let metadata): self = .init(metadata)
        }
    }

    package init(_ volume: Volume) {
        switch volume {
        case .integer(let integer): self = .integer(Int128(integer))
        case .unsigned(let integer): self = .integer(Int128(integer))
        case .real(let real): self = .real(real)
        }
    }
}

extension Metadata {
    /// What an object of a message holds. A whole number past 64 bits becomes the nearest real.
    package init(_ entries: [WireValue.Entry]) throws(WireError) {
        var pairs: [(String, Value)] = []
        for entry in entries {
            do throws(WireError) {
                pairs.append((entry.key, try Value(entry.value)))
            } catch {
                throw error.inside(entry.key)
            }
        }
        self.init(uniqueKeysWithValues: pairs)
    }
}

extension Metadata.Value {
    fileprivate init(_ value: WireValue) throws(WireError) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = Int64(exactly: integer).map { .integer($0) } ?? .real(Double(integer))
        case .real(let real): self = .real(real)
        case .string(let string): self = .string(string)
        case .binary:
            throw WireError("", found: value.shown, allowed: "texts, numbers, booleans, null, lists and objects")
        case .array(let items):
            var values: [Metadata.Value] = []
            for (index, item) in items.enumerated() {
                do throws(WireError) {
                    values.append(try .init(item))
                } catch {
                    throw error.inside("[\(index)]")
                }
            }
            self = .array(values)
        case .object(let entries): self = .object(try Metadata(entries))
        }
    }
}
