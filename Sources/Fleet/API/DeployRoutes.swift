// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import Hummingbird
internal import PluginHost
internal import Web

/// Deploying clusters, and what was deployed.
struct DeployRoutes: Sendable {
    let deployments: Deployments

    private static let limit = QueryParameter<Int>(
        "limit", help: "How many generations an answer has at most (default 20).", in: 1...1000)
    private static let path = QueryParameter<String>(
        "path", help: "The place in the node's configuration, a JSON pointer: /polling/sources/cpu/interval.")

    private var inventory: Inventory { deployments.operations.inventory }

    var all: [FleetRoute] {
        [
            FleetRoute(
                "POST", "/v1/clusters/{id:int}/deployments",
                "Deploys the cluster, or those of its nodes that are named; with dry_run it tells what would be",
                for: .admins, takesBody: true,
                answers: [
                    201: "The generation", 200: "What would be deployed, for dry_run", 409: "It is being deployed",
                    422: "An extension, or what agents would refuse, stands against it", 503: "An extension fails",
                ], deploy),
            FleetRoute(
                "GET", "/v1/clusters/{id:int}/generations", "What was deployed, the newest first", for: .readers,
                parameters: [.init(Self.limit)], answers: [200: "An object with generations"]
            ) { request in
                let limit = try request.query([.init(Self.limit)])(Self.limit) ?? 20
                let id = try request.id()
                let generations = try await inventory.read { database in
                    _ = try ClusterRows.find(id, database)
                    return try GenerationRows.all(cluster: id, limit: limit, database)
                }
                return .json(["generations": .array(generations.map { .object($0.json) })])
            },
            FleetRoute(
                "GET", "/v1/clusters/{id:int}/generations/{number:int}",
                "A generation: its data, who changed what on the way to it, and which nodes run it", for: .admins,
                answers: [200: "The generation", 404: "There is none"]
            ) { request in
                let (id, number) = (try request.id(), try request.id("number"))
                return .json(
                    try await inventory.read { database in
                        let generation = try GenerationRows.find(number, cluster: id, database)
                        return try GenerationText(generation).json(database)
                    })
            },
            FleetRoute(
                "POST", "/v1/clusters/{id:int}/generations/{number:int}/rollback",
                "Makes the generation the last one again, under a new number", for: .admins,
                answers: [201: "The new generation", 404: "There is none"]
            ) { request in
                let generation = try await deployments.rollBack(
                    try request.id(), to: try request.id("number"), as: try request.caller())
                return .json(.object(generation.json), .created)
            },
            FleetRoute(
                "GET", "/v1/clusters/{id:int}/export",
                "The last generation for tools that bring it to hosts, passwords and all", for: .admins,
                answers: [200: "An object with cluster, generation, common and nodes", 404: "It was not deployed"]
            ) { request in
                let id = try request.id()
                return .json(try await inventory.read { try ExportText(cluster: id).json($0) })
            },
            FleetRoute(
                "GET", "/v1/nodes/{id:int}/config/explain", "Who set a value of a node's configuration", for: .readers,
                parameters: [.init(Self.path, isRequired: true)],
                answers: [200: "An object with value, set_by and history", 404: "The node was not deployed"]
            ) { request in
                let id = try request.id()
                let path = try request.query([.init(Self.path)])(Self.path) ?? ""
                return .json(
                    try await inventory.read { try Explanation(node: id, place: JSONPointer(path)).json($0) })
            },
        ]
    }

    private func deploy(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields("nodes", "dry_run", "ignore_customized", "allow_offline")
        var wanted = Deployments.Request(nodes: try fields.integers("nodes"))
        wanted.isPreview = try fields.flag("dry_run") ?? false
        wanted.ignoresReplaced = try fields.flag("ignore_customized") ?? false
        wanted.takesOffline = try fields.flag("allow_offline") ?? false
        let id = try request.id()
        let (prepared, generation) = try await deployments.deploy(id, wanted, as: try request.caller())
        guard let generation else {
            return .json(try await inventory.read { try DeploymentPreview(prepared).json($0) })
        }
        var json = generation.json
        json["nodes"] = .array(prepared.nodes.compactMap(\.id).map { .integer($0) })
        json["conflicts"] = DeploymentPreview.conflicts(prepared)
        return .json(.object(json), .created)
    }
}
