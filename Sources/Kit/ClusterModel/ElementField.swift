// SPDX-License-Identifier: Apache-2.0

/// One property of an element as JSON and XML name it.
public struct ElementField<Element: Sendable>: Sendable {
    /// What its values are: decides how a text is read as one.
    public enum Kind: Sendable, Hashable {
        case text, nullableText, integer, number, boolean, time, json
        /// A list of texts; in XML a single text stands for a list of one.
        case texts
    }

    public let name: String
    public let kind: Kind
    /// Nil while the property is not known.
    public let read: @Sendable (Element) -> JSONValue?
    private let store: @Sendable (inout Element, JSONValue) -> Bool

    private init(
        _ name: String, _ kind: Kind, read: @escaping @Sendable (Element) -> JSONValue?,
        store: @escaping @Sendable (inout Element, JSONValue) -> Bool
    ) {
        self.name = name
        self.kind = kind
        self.read = read
        self.store = store
    }

    /// Sets the property.
    ///
    /// - Parameter key: the element's, for the error's text.
    /// - Throws: where the value is none that the property takes.
    public func write(_ value: JSONValue, of key: String, into element: inout Element) throws(ModelFormatError) {
        guard store(&element, value) else {
            let found = String(value.json.prefix(80))
            throw ModelFormatError("\(Element.self) \(key): \(name) is \(found); allowed: \(kind.allowed)")
        }
    }
}

/// What is certainly wrong if it is larger, and would make sums overflow.
package enum ElementLimits {
    /// 2^40: as MiB an exbibyte.
    package static let integers = 0...1_099_511_627_776
}

extension ElementField.Kind {
    var allowed: String {
        switch self {
        case .text: "a text"
        case .nullableText: "a text or null"
        case .integer: "a whole number from 0 to \(ElementLimits.integers.upperBound)"
        case .number: "a number from 0 to 1000000"
        case .boolean: "true or false"
        case .time: "a time as 2026-02-09T18:55:13Z"
        case .json: "a JSON object"
        case .texts: "a list of texts"
        }
    }
}

extension ElementField {
    typealias Path<Value> = any WritableKeyPath<Element, Value> & Sendable

    static func text(_ name: String, _ path: Path<String?>) -> Self {
        Self(name, .text) {
            $0[keyPath: path].map(JSONValue.string)
        } store: { element, value in
            guard let text = value.string else { return false }
            element[keyPath: path] = text
            return true
        }
    }

    /// For a property that always has a value.
    static func text(_ name: String, _ path: Path<String>) -> Self {
        Self(name, .text) {
            .string($0[keyPath: path])
        } store: { element, value in
            guard let text = value.string else { return false }
            element[keyPath: path] = text
            return true
        }
    }

    /// For a word, as a state is.
    static func word<Word: RawRepresentable<String> & SendableMetatype>(
        _ name: String, _ path: Path<Word>
    ) -> Self {
        Self(name, .text) {
            .string($0[keyPath: path].rawValue)
        } store: { element, value in
            guard let word = value.string.flatMap({ Word(rawValue: $0) }) else { return false }
            element[keyPath: path] = word
            return true
        }
    }

    static func nullable(_ name: String, _ path: Path<Nullable>) -> Self {
        Self(name, .nullableText) { element in
            switch element[keyPath: path] {
            case .unset: nil
            case .null: .null
            case .text(let text): .string(text)
            }
        } store: { element, value in
            guard value == .null || value.string != nil else { return false }
            element[keyPath: path] = Nullable(value.string)
            return true
        }
    }

    static func integer(_ name: String, _ path: Path<Int?>) -> Self {
        Self(name, .integer) {
            $0[keyPath: path].map(JSONValue.integer)
        } store: { element, value in
            guard let integer = value.integer, ElementLimits.integers.contains(integer) else { return false }
            element[keyPath: path] = integer
            return true
        }
    }

    static func number(_ name: String, _ path: Path<Double?>) -> Self {
        Self(name, .number) {
            $0[keyPath: path].map(JSONValue.real)
        } store: { element, value in
            guard let number = value.number, number >= 0, number <= 1e6 else { return false }
            element[keyPath: path] = number
            return true
        }
    }

    static func boolean(_ name: String, _ path: Path<Bool?>) -> Self {
        Self(name, .boolean) {
            $0[keyPath: path].map(JSONValue.bool)
        } store: { element, value in
            guard let bool = value.bool else { return false }
            element[keyPath: path] = bool
            return true
        }
    }

    /// For a yes or no that always has a value.
    static func flag(_ name: String, _ path: Path<Bool>) -> Self {
        Self(name, .boolean) {
            .bool($0[keyPath: path])
        } store: { element, value in
            guard let bool = value.bool else { return false }
            element[keyPath: path] = bool
            return true
        }
    }

    static func time(_ name: String, _ path: Path<CreationTime?>) -> Self {
        Self(name, .time) {
            $0[keyPath: path].map { .string($0.description) }
        } store: { element, value in
            guard let time = value.string.flatMap({ CreationTime($0) }) else { return false }
            element[keyPath: path] = time
            return true
        }
    }

    static func json(_ name: String, _ path: Path<JSONObject?>) -> Self {
        Self(name, .json) {
            $0[keyPath: path].map(JSONValue.object)
        } store: { element, value in
            guard let object = value.object else { return false }
            element[keyPath: path] = object
            return true
        }
    }

    static func texts(_ name: String, _ path: Path<[String]?>) -> Self {
        Self(name, .texts) {
            $0[keyPath: path].map { .array($0.map(JSONValue.string)) }
        } store: { element, value in
            guard let values = value.array else { return false }
            let texts = values.compactMap(\.string)
            element[keyPath: path] = texts
            return texts.count == values.count
        }
    }

    /// For a property of any shape.
    static func value(
        _ name: String, read: @escaping @Sendable (Element) -> JSONValue?,
        store: @escaping @Sendable (inout Element, JSONValue) -> Bool
    ) -> Self {
        Self(name, .json, read: read, store: store)
    }
}
