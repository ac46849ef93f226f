// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Optimization

/// A parameter's declaration as an object with `name`, `type` and what that type takes:
/// `{"name": "threshold", "type": "number", "minimum": 0, "default": 25.0, "help": "…"}`.
extension Parameter {
    package init(message value: WireValue) throws(WireError) {
        let name = try value.text("name")
        guard !name.isEmpty else { throw WireError("name", found: "\"\"", allowed: "a text, not empty") }
        do throws(WireError) {
            let fallback = value["default"].map { JSONValue($0) }
            self.init(
                name, try Kind(message: value), default: fallback, isRequired: try value.flag("required"),
                help: try value.optionalText("help") ?? "")
            guard let fallback else { return }
            do throws(OptimizationError) {
                _ = try [self].effective([name: fallback])
            } catch {
                throw WireError("default", found: value["default"]?.shown ?? "", allowed: kind.allowed)
            }
        } catch {
            throw error.inside(name)
        }
    }

    package var message: WireValue {
        var entries: [WireValue.Entry] = [.init("name", .string(name))] + kind.entries
        if let fallback { entries.append(.init("default", WireValue(fallback))) }
        if isRequired { entries.append(.init("required", .bool(true))) }
        if !help.isEmpty { entries.append(.init("help", .string(help))) }
        return .object(entries)
    }
}

extension Parameter.Kind {
    private static let types = ["number", "integer", "text", "boolean", "list", "nullable", "object"]

    fileprivate init(message value: WireValue) throws(WireError) {
        func bound(_ key: String) throws(WireError) -> Double? { value[key] == nil ? nil : try value.number(key) }
        func inner() throws(WireError) -> Parameter.Kind {
            do throws(WireError) {
                return try Parameter.Kind(message: value["of"] ?? .object([]))
            } catch {
                throw error.inside("of")
            }
        }
        let type = try value.text("type")
        switch type {
        case "number": self = .number(minimum: try bound("minimum"), maximum: try bound("maximum"))
        case "integer": self = .integer(minimum: value["minimum"] == nil ? nil : try value.integer("minimum"))
        case "text": self = .text(choices: try value.texts("choices"))
        case "boolean": self = .boolean
        case "list": self = .list(try inner())
        case "nullable": self = .nullable(try inner())
        case "object":
            self = .object(
                try value.list("parameters") { item throws(WireError) in try Parameter(message: item) },
                isOpen: try value.flag("open"), alternatives: try value.texts("alternatives"))
        default:
            throw WireError(
                "type", found: WireValue.string(type).shown, allowed: Self.types.joined(separator: ", "))
        }
    }

    fileprivate var entries: [WireValue.Entry] {
        func made(_ type: String, _ pairs: (String, WireValue?)...) -> [WireValue.Entry] {
            [.init("type", .string(type))] + pairs.compactMap { key, value in value.map { .init(key, $0) } }
        }
        return switch self {
        case .number(let minimum, let maximum):
            made("number", ("minimum", minimum.map { .real($0) }), ("maximum", maximum.map { .real($0) }))
        case .integer(let minimum): made("integer", ("minimum", minimum.map { .integer(Int128($0)) }))
        case .text(let choices): made("text", ("choices", choices.isEmpty ? nil : .texts(choices)))
        case .boolean: made("boolean")
        case .list(let kind): made("list", ("of", .object(kind.entries)))
        case .nullable(let kind): made("nullable", ("of", .object(kind.entries)))
        case .object(let parameters, let isOpen, let alternatives):
            made(
                "object", ("parameters", .array(parameters.map(\.message))), ("open", isOpen ? .bool(true) : nil),
                ("alternatives", alternatives.isEmpty ? nil : .texts(alternatives)))
        }
    }
}
