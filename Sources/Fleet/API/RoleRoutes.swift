// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Settings
internal import Web

/// `/v1/roles`: what nodes may be.
struct RoleRoutes: Sendable {
    let inventory: Inventory

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/v1/roles", "The roles that nodes may have", for: .readers,
                answers: [200: "An object with roles"]
            ) {
                _ in
                let roles = try await inventory.read { database in
                    try Row.fetchAll(database, sql: "SELECT name, description FROM role ORDER BY name").map {
                        row -> JSONValue in
                        ["name": .string(row["name"]), "description": .string(row["description"])]
                    }
                }
                return .json(["roles": .array(roles)])
            },
            FleetRoute(
                "PUT", "/v1/roles/{name}", "Makes a role, or changes its description", for: .admins, takesBody: true,
                answers: [200: "The role", 400: "The name can't be one"], put),
            FleetRoute(
                "DELETE", "/v1/roles/{name}", "Deletes a role that no node has", for: .admins,
                answers: [204: "It is gone", 404: "There is none", 409: "A node has it"], delete),
        ]
    }

    private func put(_ request: FleetRequest) async throws -> Response {
        let name = request.parameters["name"] ?? ""
        let isName =
            (1...64).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                "a"..."z" ~= $0 || "0"..."9" ~= $0 || $0 == "-" || $0 == "_"
            }
        guard isName else {
            throw FleetProblem(.invalid, "A role's name has lower-case letters, digits, - and _, at most 64.")
        }
        let description = try await request.fields("description").text("description", in: 0...255) ?? ""
        let caller = try request.caller()
        try await inventory.write { database in
            try database.execute(
                sql:
                    "INSERT INTO role VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET description = excluded.description",
                arguments: [name, description])
            try AuditRows.add(caller, "role.put", "role \(name)", outcome: "done", database)
        }
        return .json(["name": .string(name), "description": .string(description)])
    }

    private func delete(_ request: FleetRequest) async throws -> Response {
        let name = request.parameters["name"] ?? ""
        let caller = try request.caller()
        try await inventory.write { database in
            let holder = try Int.fetchOne(
                database,
                sql: """
                    SELECT id FROM node WHERE EXISTS (SELECT 1 FROM json_each(roles) WHERE value = :name)
                        OR EXISTS (SELECT 1 FROM json_each(pending_roles) WHERE value = :name) LIMIT 1
                    """, arguments: ["name": name])
            if let holder { throw FleetProblem(.conflict, "Node \(holder) has the role, or is to get it.") }
            try database.execute(sql: "DELETE FROM role WHERE name = ?", arguments: [name])
            guard database.changesCount > 0 else {
                throw FleetProblem(.notFound, "There is no role \(name.quoted).")
            }
            try AuditRows.add(caller, "role.delete", "role \(name)", outcome: "done", database)
        }
        return Response(status: .noContent)
    }
}
