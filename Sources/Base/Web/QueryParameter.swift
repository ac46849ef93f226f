// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Hummingbird
internal import Settings
package import Telemetry

/// Something a request may say in its query. Reading, its limits, the error text and its line in the OpenAPI text all
/// come from one declaration.
package struct QueryParameter<Value: Sendable>: Sendable {
    package let name: String
    let help: String
    /// What may stand there, in words.
    let allowed: String
    /// A JSON schema.
    let schema: String
    let parse: @Sendable (String) -> Value?

    init(
        _ name: String, help: String, allowed: String, schema: String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.help = help
        self.allowed = allowed
        self.schema = schema
        self.parse = parse
    }
}

extension QueryParameter where Value == String {
    /// Any text that isn't empty.
    package init(_ name: String, help: String) {
        self.init(name, help: help, allowed: "a text", schema: #"{"type":"string","minLength":1}"#) {
            $0.isEmpty ? nil : $0
        }
    }
}

extension QueryParameter where Value == Int {
    package init(_ name: String, help: String, in range: ClosedRange<Int>) {
        self.init(
            name, help: help, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            schema: #"{"type":"integer","minimum":\#(range.lowerBound),"maximum":\#(range.upperBound)}"#
        ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension QueryParameter where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One word of several.
    package init(_ name: String, help: String) {
        let words = Value.allCases.map(\.rawValue)
        self.init(
            name, help: help, allowed: "one of " + words.joined(separator: ", "),
            schema: #"{"type":"string","enum":[\#(words.map { "\"\($0)\"" }.joined(separator: ","))]}"#,
            parse: Value.init(rawValue:))
    }
}

extension QueryParameter<Timestamp> {
    /// An instant, or seconds before now.
    package static func time(_ name: String, help: String) -> QueryParameter<Timestamp> {
        QueryParameter<Timestamp>(
            name, help: help,
            allowed: "a time in UTC such as 2026-11-21T03:16:50 or 2026-11-21T03:16:50.5Z, or seconds since 1970, "
                + "or seconds before now such as -3600",
            schema: #"{"type":"string"}"#, parse: Timestamp.init(query:))
    }
}

/// A request's query, read once each by what was declared for it.
package struct Query: Sendable {
    private let values: [String: [String]]

    /// - Throws: ``Problem`` 400 where it has a parameter that isn't one of `names`.
    package init(_ request: Request, names: [String]) throws {
        var values: [String: [String]] = [:]
        for (name, value) in request.uri.queryParameters {
            let name = String(name)
            guard names.contains(name) else {
                let near = NearNames.of(name.utf8.count > 200 ? "" : name, among: names)
                let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
                throw Problem(
                    .badRequest,
                    "There is no parameter \(name.quoted); allowed: \(names.joined(separator: ", ")).\(hint)")
            }
            values[name, default: []].append(String(value))
        }
        self.values = values
    }

    /// nil where it isn't given.
    package func callAsFunction<Value>(_ parameter: QueryParameter<Value>) throws -> Value? {
        let all = try all(parameter)
        guard all.count < 2 else {
            throw Problem(.badRequest, "The parameter \(parameter.name) may be given once, found \(all.count) times.")
        }
        return all.first
    }

    /// Each that is given.
    package func all<Value>(_ parameter: QueryParameter<Value>) throws -> [Value] {
        try (values[parameter.name] ?? []).map { text in
            guard let value = parameter.parse(text) else {
                throw Problem(
                    .badRequest,
                    "The parameter \(parameter.name) is \(text.quoted); allowed: \(parameter.allowed).")
            }
            return value
        }
    }
}
