// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Something that whoever starts an audit may set.
public struct Parameter: Sendable, Hashable {
    /// What its values may be.
    public indirect enum Kind: Sendable, Hashable {
        case number(minimum: Double? = nil, maximum: Double? = nil)
        case integer(minimum: Int? = nil)
        /// One of `choices`, unless that is empty.
        case text(choices: [String] = [])
        case boolean
        case list(Kind)
        /// That, or null.
        case nullable(Kind)
        /// - Parameters:
        ///   - isOpen: other names may stand there as well.
        ///   - alternatives: exactly one of these names must stand there; empty for no such rule.
        case object([Parameter], isOpen: Bool = false, alternatives: [String] = [])
    }

    public var name: String
    public var kind: Kind
    /// In force where nothing is given; nil where there is none.
    public var fallback: JSONValue?
    public var isRequired: Bool
    public var help: String

    public init(
        _ name: String, _ kind: Kind, default fallback: JSONValue? = nil, isRequired: Bool = false, help: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.fallback = fallback
        self.isRequired = isRequired
        self.help = help
    }
}

extension [Parameter] {
    /// What is given, with the defaults of what isn't, in nested objects too.
    ///
    /// - Throws: ``OptimizationError/parameter(_:)`` with what was found, what is allowed, and which names there are.
    public func effective(_ given: JSONObject) throws(OptimizationError) -> JSONObject {
        try effective(given, in: "", isOpen: false)
    }

    fileprivate func effective(
        _ given: JSONObject, in place: String, isOpen: Bool
    ) throws(OptimizationError) -> JSONObject {
        var values = given
        for parameter in self where values[parameter.name] == nil {
            if let fallback = parameter.fallback {
                values[parameter.name] = fallback
            } else if parameter.isRequired {
                throw .parameter("parameter \(place)\(parameter.name) is missing; allowed: \(parameter.kind.allowed)")
            }
        }
        for entry in values.entries {
            guard let parameter = first(where: { $0.name == entry.key }) else {
                if isOpen { continue }
                let names = isEmpty ? "this one takes none" : map(\.name).joined(separator: ", ")
                throw .parameter("unknown parameter \(place)\(entry.key); allowed: \(names)")
            }
            values[entry.key] = try parameter.kind.checked(entry.value, at: place + entry.key)
        }
        return values
    }
}

extension Parameter.Kind {
    /// The value with the defaults of what is inside it.
    fileprivate func checked(_ value: JSONValue, at place: String) throws(OptimizationError) -> JSONValue {
        let refused = OptimizationError.parameter("parameter \(place) is \(value.json.prefix(80)); allowed: \(allowed)")
        switch (self, value) {
        case (.number(let minimum, let maximum), .integer), (.number(let minimum, let maximum), .real):
            guard let number = value.number, number >= minimum ?? number, number <= maximum ?? number else {
                throw refused
            }
        case (.integer(let minimum), .integer(let integer)):
            guard integer >= minimum ?? integer else { throw refused }
        case (.text(let choices), .string(let text)):
            guard choices.isEmpty || choices.contains(text) else { throw refused }
        case (.boolean, .bool): break
        case (.list(let kind), .array(let values)):
            var checked: [JSONValue] = []
            for (index, value) in values.enumerated() {
                checked.append(try kind.checked(value, at: "\(place)[\(index)]"))
            }
            return .array(checked)
        case (.nullable, .null): break
        case (.nullable(let kind), _): return try kind.checked(value, at: place)
        case (.object(let parameters, let isOpen, let alternatives), .object(let object)):
            guard alternatives.isEmpty || alternatives.count(where: { object[$0] != nil }) == 1 else { throw refused }
            return .object(try parameters.effective(object, in: "\(place).", isOpen: isOpen))
        default: throw refused
        }
        return value
    }

    /// In words: `a number from 0 to 1`.
    package var allowed: String {
        switch self {
        case .number(let minimum?, let maximum?): "a number from \(minimum.short) to \(maximum.short)"
        case .number(let minimum?, nil): "a number from \(minimum.short)"
        case .number: "a number"
        case .integer(let minimum?): "a whole number from \(minimum)"
        case .integer: "a whole number"
        case .text(let choices): choices.isEmpty ? "a text" : "one of \(choices.joined(separator: ", "))"
        case .boolean: "true or false"
        case .list(let kind): "a list, each of it \(kind.allowed)"
        case .nullable(let kind): "\(kind.allowed), or null"
        case .object(let parameters, _, let alternatives):
            (parameters.isEmpty ? "an object" : "an object of \(parameters.map(\.name).joined(separator: ", "))")
                + (alternatives.isEmpty ? "" : ", exactly one of \(alternatives.joined(separator: " and ")) among them")
        }
    }
}

extension Double {
    /// Without the fraction where there is none: `1` rather than `1.0`.
    fileprivate var short: String { Int(exactly: self).map { String($0) } ?? String(self) }
}
