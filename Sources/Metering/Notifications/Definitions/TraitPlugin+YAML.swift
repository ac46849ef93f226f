// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

extension TraitPlugin {
    /// A name, or a mapping with name and parameters.
    init(_ value: YAMLValue) throws(Mistakes) {
        var mistakes = Mistakes()
        var named: YAMLValue? = value
        var parameters: YAMLValue?
        if value.kind == .mapping {
            let fields = value.fields(
                of: "plugin", required: ["name"], optional: ["parameters"], noting: &mistakes)
            named = fields["name"]
            parameters = fields["parameters"]
        }
        let name = named.flatMap { named in mistakes.collect { () throws(Mistake) in try named.string() } }
        guard let name, let named else { throw mistakes }
        let options = PluginOptions(parameters, of: name, known: Self.options[name] ?? [], noting: &mistakes)
        switch name {
        case "split":
            let most = options.integer("max_split", 0...10_000, nil, &mistakes)
            self = .split(
                separator: options.text("separator", ".", &mistakes),
                segment: options.integer("segment", -10_000...10_000, 0, &mistakes) ?? 0, most: most)
        case "bitfield":
            self = .bitfield(
                initial: Int64(options.integer("initial_bitfield", 0...Int(UInt32.max), 0, &mistakes) ?? 0),
                flags: options.flags(&mistakes))
        case "timedelta": self = .timedelta
        case "map":
            let table = options.table(&mistakes)
            if table.isEmpty, mistakes.isEmpty {
                mistakes.add(Mistake(value.place, value.path, found: "a map without values", allowed: "values"))
            }
            self = .map(
                table, default: options.value("default"),
                isCaseSensitive: options.boolean("case_sensitive", true, &mistakes))
        default:
            mistakes.add(Mistake(named.place, named.path, unknown: name, among: Self.names))
            throw mistakes
        }
        try mistakes.throwIfAny()
    }

    private static let options = [
        "split": ["separator", "segment", "max_split"], "bitfield": ["initial_bitfield", "flags"], "timedelta": [],
        "map": ["values", "default", "case_sensitive"],
    ]
}

/// The parameters of a plug-in, each read with its mistake noted.
private struct PluginOptions {
    private var values: [String: YAMLValue] = [:]

    init(_ parameters: YAMLValue?, of name: String, known: [String], noting mistakes: inout Mistakes) {
        guard let parameters, !parameters.isNothing else { return }
        let entries =
            mistakes.collect { () throws(Mistake) in
                try parameters.namedValues(of: "parameters")
            } ?? []
        for (option, value) in entries {
            if known.contains(option) {
                values[option] = value
            } else {
                mistakes.add(Mistake(value.place, parameters.path, unknown: option, among: known))
            }
        }
    }

    func text(_ name: String, _ standard: String, _ mistakes: inout Mistakes) -> String {
        values[name].flatMap { value in mistakes.collect { () throws(Mistake) in try value.string() } } ?? standard
    }

    func integer(_ name: String, _ range: ClosedRange<Int>, _ standard: Int?, _ mistakes: inout Mistakes) -> Int? {
        guard let value = values[name], !value.isNothing else { return standard }
        return mistakes.collect { () throws(Mistake) in try value.integer(range, unit: name) } ?? standard
    }

    func boolean(_ name: String, _ standard: Bool, _ mistakes: inout Mistakes) -> Bool {
        values[name].flatMap { value in mistakes.collect { () throws(Mistake) in try value.boolean() } } ?? standard
    }

    func value(_ name: String) -> ExpressionValue { values[name]?.plainValue ?? .none }

    func table(_ mistakes: inout Mistakes) -> [(key: ExpressionValue, value: ExpressionValue)] {
        guard let values = values["values"] else { return [] }
        let entries = mistakes.collect { () throws(Mistake) in try values.namedValues(of: "values") } ?? []
        return entries.map { (.string($0.name), $0.value.plainValue) }
    }

    func flags(_ mistakes: inout Mistakes) -> [TraitPlugin.Flag] {
        guard let list = values["flags"], !list.isNothing else { return [] }
        var flags: [TraitPlugin.Flag] = []
        for item in mistakes.collect({ () throws(Mistake) in try list.list(of: "flags") }) ?? [] {
            let fields = item.fields(
                of: "flag", required: ["path", "bit"], optional: ["value"], noting: &mistakes)
            let path = fields["path"].flatMap { path in
                mistakes.collect { () throws(Mistake) in try ValueRule.path(path) }
            }
            let bit = fields["bit"].flatMap { bit in
                mistakes.collect { () throws(Mistake) in try bit.integer(0...62, unit: "a bit") }
            }
            if let path, let bit { flags.append(.init(path: path, bit: bit, value: fields["value"]?.plainValue)) }
        }
        return flags
    }
}

extension YAMLValue {
    /// A scalar as a number, truth value or text; null for anything else.
    fileprivate var plainValue: ExpressionValue {
        if let number { return number }
        if isNothing { return .none }
        guard kind == .scalar, let text = try? string() else { return .none }  // checked: a scalar that isn't empty
        switch text {
        case "true", "True": return .bool(true)
        case "false", "False": return .bool(false)
        default: return .string(text)
        }
    }
}
