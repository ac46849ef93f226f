// SPDX-License-Identifier: Apache-2.0

/// What a sample tells about its resource beside the value: an ordered JSON object.
///
/// The order is kept because readers of the older systems' files compare texts. Look-ups walk the entries; there
/// are a few dozen at most.
public struct Metadata: Sendable, Hashable {
    public enum Value: Sendable, Hashable {
        case null
        case bool(Bool)
        case integer(Int64)
        case real(Double)
        case string(String)
        case array([Value])
        case object(Metadata)
    }

    public struct Entry: Sendable, Hashable {
        public var key: String
        public var value: Value
    }

    public private(set) var entries: [Entry]

    public init() { entries = [] }

    /// - Precondition: no key stands twice.
    public init(_ pairs: KeyValuePairs<String, Value>) {
        self.init(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
    }

    /// - Precondition: no key stands twice.
    public init(uniqueKeysWithValues pairs: some Sequence<(String, Value)>) {
        entries = pairs.map { Entry(key: $0.0, value: $0.1) }
        precondition(Set(entries.map(\.key)).count == entries.count, "a metadata key stands twice")
    }

    public var isEmpty: Bool { entries.isEmpty }

    /// Setting an existing key keeps its place, a new one goes to the end; nil removes.
    public subscript(key: String) -> Value? {
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

extension Metadata: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}

extension Metadata.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(nilLiteral: ()) { self = .null }

    /// A string where there is one, else null.
    public init(_ string: String?) { self = string.map(Self.string) ?? .null }
    /// An integer where there is one, else null.
    public init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
}
