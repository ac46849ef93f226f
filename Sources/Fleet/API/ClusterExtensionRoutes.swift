// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Web

/// `/v1/clusters/ID/extensions`: which are enabled on a cluster, with Nailgun's shapes and codes.
struct ClusterExtensionRoutes: Sendable {
    let operations: FleetOperations
    let host: ExtensionHost

    private static let names = QueryParameter<String>(
        "extension_names", help: "Which are disabled, by their names with commas between them.")

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/v1/clusters/{id:int}/extensions", "The extensions that are enabled on the cluster",
                for: .readers, answers: [200: "A list of names", 404: "There is no such cluster"]
            ) { request in
                let id = try request.id()
                let cluster = try await operations.inventory.read { try ClusterRows.find(id, $0) }
                return Self.answer(cluster)
            },
            FleetRoute(
                "PUT", "/v1/clusters/{id:int}/extensions",
                "Enables extensions beside those that are; a list of names, new ones come last in its order",
                for: .admins, takesBody: true,
                answers: [200: "The list of names now", 400: "One is not installed", 404: "There is no such cluster"],
                enable),
            FleetRoute(
                "DELETE", "/v1/clusters/{id:int}/extensions", "Disables extensions", for: .admins,
                parameters: [.init(Self.names, isRequired: true)],
                answers: [204: "They are disabled", 400: "One is not enabled", 404: "There is no such cluster"],
                disable),
        ]
    }

    private static func answer(_ cluster: FleetCluster) -> Response {
        .json(.array(cluster.extensions.map { .string($0) }), version: cluster.version)
    }

    static func checkInstalled(_ names: [String], _ host: ExtensionHost) throws {
        let installed = Set(host.extensions.filter { $0.declaration != nil }.map(\.name))
        let unknown = names.filter { !installed.contains($0) }.sorted()
        if !unknown.isEmpty {
            throw FleetProblem(.invalid, "No such extensions: \(unknown.joined(separator: ", "))")
        }
    }

    private func enable(_ request: FleetRequest) async throws -> Response {
        let id = try request.id()
        _ = try await operations.inventory.read { try ClusterRows.find(id, $0) }
        let names = try Fields.names(try await request.json(), "The body")
        try Self.checkInstalled(names, host)
        let cluster = try await operations.update(
            cluster: id, as: try request.caller(), try request.options(), action: "cluster.extensions.enable"
        ) { cluster in
            cluster.extensions += names.filter { !cluster.extensions.contains($0) }
        }
        return Self.answer(cluster)
    }

    private func disable(_ request: FleetRequest) async throws -> Response {
        let id = try request.id()
        _ = try await operations.inventory.read { try ClusterRows.find(id, $0) }
        guard let text = try request.query([.init(Self.names)])(Self.names) else {
            throw FleetProblem(
                .invalid, "The parameter extension_names is missing; allowed: names with commas between them.")
        }
        let names = Set(
            text.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }.map { name in
                String(name.reversed().drop { $0 == " " }.reversed())
            }.filter { !$0.isEmpty })
        _ = try await operations.update(
            cluster: id, as: try request.caller(), try request.options(), action: "cluster.extensions.disable"
        ) { cluster in
            let unknown = names.filter { !cluster.extensions.contains($0) }.sorted()
            if !unknown.isEmpty {
                throw FleetProblem(.invalid, "No such extensions to disable: \(unknown.joined(separator: ", "))")
            }
            cluster.extensions.removeAll { names.contains($0) }
        }
        return Response(status: .noContent)
    }
}
