// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Telemetry
internal import Wire

/// Gnocchi's API, as far as measures need it.
struct GnocchiClient: Sendable {
    let exchange: HTTPExchange

    /// Of the API, below its address.
    private var root: String { exchange.target.path == "/" ? "" : exchange.target.path }

    private func ask(
        _ method: String, _ path: String, _ body: WireValue? = nil, type: String = "application/json"
    ) async throws -> GnocchiAnswer {
        var bytes: [UInt8] = []
        if let body { bytes.appendJSON(body) }
        var headers = [("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", type)) }
        return GnocchiAnswer(try await exchange.ask(method, root + path, headers, bytes))
    }

    /// Makes an archive policy that isn't there; one that is there stays as it is.
    func require(_ policy: ArchivePolicy) async throws {
        let known = try await ask("GET", "/v1/archive_policy/\(policy.name.urlQuoted)")
        if known.isGood { return }
        guard known.http.status == 404 else { throw known.postponement("read archive policy \(policy.name)") }
        let made = try await ask("POST", "/v1/archive_policy", policy.body)
        // 409: another agent was first.
        guard made.isGood || made.http.status == 409 else {
            throw made.postponement("make archive policy \(policy.name)")
        }
    }

    /// Makes a resource type that isn't there, and adds the attributes that one lacks.
    func require(_ definition: ResourceDefinition) async throws {
        let path = "/v1/resource_type/\(definition.type.urlQuoted)"
        let wanted = definition.attributes.map { WireValue.Entry($0.name, Self.attributeType($0.name)) }
        let known = try await ask("GET", path)
        if known.isGood {
            let value = try? WireValue(json: known.http.body, within: WireLimits(bytes: HTTPAnswer.mostBytes))
            guard definition.type != "generic", case .object(let there)? = value?["attributes"] else { return }
            let missing = wanted.filter { entry in !there.contains { $0.key == entry.key } }
            if missing.isEmpty { return }
            let patch = missing.map { entry in
                WireValue.object([
                    .init("op", .string("add")), .init("path", .string("/attributes/\(entry.key)")),
                    .init("value", entry.value),
                ])
            }
            let changed = try await ask("PATCH", path, .array(patch), type: "application/json-patch+json")
            guard changed.isGood else {
                throw changed.postponement("add attributes to resource type \(definition.type)")
            }
            return
        }
        guard known.http.status == 404 else { throw known.postponement("read resource type \(definition.type)") }
        let made = try await ask(
            "POST", "/v1/resource_type",
            .object([.init("name", .string(definition.type)), .init("attributes", .object(wanted))]))
        guard made.isGood || made.http.status == 409 else {
            throw made.postponement("make resource type \(definition.type)")
        }
    }

    /// Identifiers of instances are UUIDs; everything else is kept as a text.
    private static func attributeType(_ name: String) -> WireValue {
        if name == "instance_id" {
            return .object([.init("type", .string("uuid")), .init("required", .bool(false))])
        }
        return .object([
            .init("type", .string("string")), .init("required", .bool(false)), .init("min_length", .integer(0)),
            .init("max_length", .integer(255)),
        ])
    }

    /// Metrics that aren't there are made, of resources that are.
    func post(_ measures: WireValue) async throws -> GnocchiAnswer {
        try await ask("POST", "/v1/batch/resources/metrics/measures?create_metrics=true", measures)
    }

    func create(_ type: String, _ body: WireValue) async throws -> GnocchiAnswer {
        try await ask("POST", "/v1/resource/\(type.urlQuoted)", body)
    }

    func update(_ type: String, _ id: String, _ body: WireValue) async throws -> GnocchiAnswer {
        try await ask("PATCH", "/v1/resource/\(type.urlQuoted)/\(id.urlQuoted)", body)
    }
}
