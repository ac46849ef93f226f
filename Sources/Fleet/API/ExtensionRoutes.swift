// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import HypsometerKit
internal import PluginHost
internal import Web

/// `/v1/extensions`.
struct ExtensionRoutes: Sendable {
    let host: ExtensionHost

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/v1/extensions", "The extensions that are installed", for: .readers,
                answers: [200: "A list of objects with name, version, description and provides"]
            ) { _ in
                .json(.array(host.extensions.compactMap { $0.declaration.map(Self.summary) }))
            },
            FleetRoute(
                "GET", "/v1/extension-states", "How extensions are, also those that are missing or could not be loaded",
                for: .readers, answers: [200: "An object with extensions, and problems: plug-ins that were left out"]
            ) { _ in try await states() },
            FleetRoute(
                "GET", "/v1/extensions/{name}", "An extension, and how it is", for: .readers,
                answers: [200: "The extension", 404: "There is none"]
            ) { request in
                .json(try await state(of: try host.find(request.parameters["name"] ?? "")))
            },
            FleetRoute(
                "PUT", "/v1/extensions/{name}/state", "Switches an extension on or off, as state: on or off",
                for: .admins,
                takesBody: true, answers: [200: "The extension", 503: "It can't be switched on"], setState),
            FleetRoute(
                "POST", "/v1/extensions/{name}/replay",
                "Tells it anew of everything after an event, as after: its number",
                for: .admins, takesBody: true, answers: [200: "The extension"]
            ) { request in
                let name = request.parameters["name"] ?? ""
                let number = try await request.fields("after").integer("after", in: 0...Int.max) ?? 0
                try await host.replay(name, after: number, as: try request.caller())
                return .json(try await state(of: try host.find(name)))
            },
            FleetRoute(
                "GET", "/v1/extensions/{name}/database", "The steps of an extension's tables", for: .readers,
                answers: [200: "An object with migrations: id and applied_at", 409: "They can't be gone on with"]
            ) { request in
                let steps = try await host.tables(of: request.parameters["name"] ?? "")
                return .json([
                    "migrations": .array(
                        steps.map { ["id": .string($0.id), "applied_at": $0.appliedAt.map { .string($0) } ?? .null] })
                ])
            },
            FleetRoute(
                "POST", "/v1/extensions/{name}/database",
                "Takes an extension's tables further or back, as action: upgrade, downgrade (with steps) or purge",
                for: .admins, takesBody: true,
                answers: [200: "An object with what was done", 409: "It is running, or a step failed"], changeTables),
        ]
    }

    /// Nailgun's four keys.
    private static func summary(_ declaration: ExtensionDeclaration) -> JSONValue {
        [
            "name": .string(declaration.name), "version": .string(declaration.version),
            "description": .string(declaration.description),
            "provides": .array(declaration.provides.map { .string($0) }),
        ]
    }

    private func state(of entry: LoadedExtension) async throws -> JSONValue {
        let condition = entry.now
        let last = try await host.inventory.read { try EventRows.last($0) }
        var json = entry.declaration.flatMap { Self.summary($0).object } ?? ["name": .string(entry.name)]
        json["state"] = .string(condition.state.rawValue)
        json["reason"] = .string(condition.reason)
        json["failures"] = .integer(condition.failures)
        json["calls"] = .integer(condition.calls)
        json["failed_calls"] = .integer(condition.failedCalls)
        json["last_error"] = condition.lastError.isEmpty ? .null : .string(condition.lastError)
        json["refused_statements"] = .integer(condition.refusedStatements)
        let (state, why) = entry.plugin.process
        json["process"] = ["state": .string(state), "reason": .string(why)]
        json["delivered_event"] = .integer(condition.delivered)
        json["pending_events"] = .integer(max(0, last - condition.delivered))
        json["failure_policy"] = .string(entry.policy.rawValue)
        json["data_pipelines"] = .array((entry.declaration?.dataPipelines ?? []).map { .string($0) })
        json["routes"] = .array(
            host.routes.routes.filter { $0.owner.name == entry.name }.map {
                ["method": .string($0.declared.method), "path": .string($0.pattern.description)]
            })
        json["refused_routes"] = .array(
            host.routes.refusals.filter { $0.extensionName == entry.name }.map { .string($0.reason) })
        return .object(json)
    }

    private func states() async throws -> Response {
        var states: [JSONValue] = []
        for entry in host.extensions { states.append(try await state(of: entry)) }
        let (records, last) = try await host.inventory.read { (try ExtensionRows.all($0), try EventRows.last($0)) }
        for record in records where !host.extensions.contains(where: { $0.name == record.name }) {
            states.append([
                "name": .string(record.name), "version": .string(record.version),
                "description": .string(record.description), "state": "missing",
                "reason": "was installed once; what happens is kept for it until it is purged",
                "delivered_event": .integer(record.delivered),
                "pending_events": .integer(max(0, last - record.delivered)),
            ])
        }
        return .json([
            "extensions": .array(states), "problems": .array(host.problems.map { .string($0) }),
        ])
    }

    private func setState(_ request: FleetRequest) async throws -> Response {
        let name = request.parameters["name"] ?? ""
        let fields = try await request.fields("state", "reason")
        guard let word = try fields.word("state", Switch.self) else {
            throw FleetProblem(.invalid, "The field state is missing; allowed: one of on, off.")
        }
        let caller = try request.caller()
        let reason = try fields.text("reason") ?? "switched off by \(caller.name)"
        try await host.set(name, isOn: word == .on, reason: reason, as: caller)
        return .json(try await state(of: try host.find(name)))
    }

    private enum Switch: String, CaseIterable { case on, off }
    private enum Action: String, CaseIterable { case upgrade, downgrade, purge }

    private func changeTables(_ request: FleetRequest) async throws -> Response {
        let name = request.parameters["name"] ?? ""
        let fields = try await request.fields("action", "steps")
        let steps = try fields.integer("steps", in: 1...1000) ?? 1
        let caller = try request.caller()
        switch try fields.word("action", Action.self) {
        case .upgrade?:
            return Self.done("upgraded", try await host.upgradeTables(of: name, as: caller))
        case .downgrade?:
            return Self.done("downgraded", try await host.downgradeTables(of: name, steps: steps, as: caller))
        case .purge?:
            return .json(["purged_tables": .integer(try await host.purgeTables(of: name, as: caller))])
        case nil:
            throw FleetProblem(.invalid, "The field action is missing; allowed: one of upgrade, downgrade, purge.")
        }
    }

    private static func done(_ key: String, _ steps: [String]) -> Response {
        .json(.object([key: .array(steps.map { .string($0) })]))
    }
}
