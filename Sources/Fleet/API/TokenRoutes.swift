// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Telemetry
internal import Web

/// `/v1/tokens`: who may ask for what. A token's secret is told once, when it is made.
struct TokenRoutes: Sendable {
    let inventory: Inventory

    private enum Scope: String, CaseIterable { case admin, read, bootstrap }

    var all: [FleetRoute] {
        [
            FleetRoute(
                "POST", "/v1/tokens",
                "Makes a token of scope admin, read or bootstrap; expires_in is in seconds, uses bounds registrations",
                for: .admins, takesBody: true, answers: [201: "An object with token and what it is good for"], create),
            FleetRoute(
                "GET", "/v1/tokens", "The tokens, without their secrets", for: .admins,
                answers: [200: "An object with tokens"]
            ) {
                _ in
                let tokens = try await inventory.read { try TokenRows.all($0) }
                return .json(["tokens": .array(tokens.map { .object(Self.json($0)) })])
            },
            FleetRoute(
                "DELETE", "/v1/tokens/{id:int}", "Revokes a token", for: .admins,
                answers: [204: "It is worth nothing any more", 404: "There is none"], revoke),
        ]
    }

    private static func json(_ record: TokenRecord) -> JSONObject {
        [
            "id": .integer(record.id), "scope": .string(record.scope.rawValue),
            "node": record.node.map { .integer($0) } ?? .null, "description": .string(record.description),
            "created": .string(record.created.description),
            "expires": record.expires.map { .string($0.description) } ?? .null,
            "uses_left": record.usesLeft.map { .integer($0) } ?? .null,
        ]
    }

    private func create(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields("scope", "description", "expires_in", "uses")
        guard let scope = try fields.word("scope", Scope.self).flatMap({ Caller.Scope(rawValue: $0.rawValue) }) else {
            throw FleetProblem(.invalid, "The field scope is missing; allowed: one of admin, read, bootstrap.")
        }
        let uses = try fields.integer("uses", in: 1...1_000_000)
        if uses != nil, scope != .bootstrap {
            throw FleetProblem(.invalid, "The field uses is for tokens of scope bootstrap alone.")
        }
        let now = Timestamp.now
        let expires = try fields.integer("expires_in", in: 1...315_360_000).map {
            Timestamp(microseconds: now.microseconds + Int64($0) * 1_000_000)
        }
        let secret = TokenSecret.random()
        let record = TokenRecord(
            id: 0, digest: TokenSecret.digest(secret), scope: scope, description: try fields.text("description") ?? "",
            created: now, expires: expires, usesLeft: uses)
        let caller = try request.caller()
        let made = try await inventory.write { database in
            let made = try TokenRows.add(record, database)
            try AuditRows.add(
                caller, "token.create", "token \(made.id)", outcome: "done", detail: scope.rawValue, database)
            return made
        }
        inventory.tokens.add(made)
        var json = Self.json(made)
        json["token"] = .string(secret)
        return .json(.object(json), .created)
    }

    private func revoke(_ request: FleetRequest) async throws -> Response {
        let id = try request.id()
        let caller = try request.caller()
        try await inventory.write { database in
            guard try TokenRows.find(id, database) != nil else {
                throw FleetProblem(.notFound, "There is no token \(id).")
            }
            try database.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
            try AuditRows.add(caller, "token.revoke", "token \(id)", outcome: "done", database)
        }
        inventory.tokens.remove(id)
        return Response(status: .noContent)
    }
}
