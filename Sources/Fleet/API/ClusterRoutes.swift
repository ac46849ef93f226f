// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Web

/// `/v1/clusters`.
struct ClusterRoutes: Sendable {
    let operations: FleetOperations
    let host: ExtensionHost
    let heartbeats: Heartbeats

    private static let nodes = QueryParameter<FleetOperations.Remainder>(
        "nodes", help: "What becomes of its nodes, where it has any.")

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/v1/clusters", "The clusters", for: .readers, answers: [200: "An object with clusters"]
            ) { _ in
                let clusters = try await operations.inventory.read { try ClusterRows.all($0) }
                return .json(["clusters": .array(clusters.map { .object($0.json) })])
            },
            FleetRoute(
                "POST", "/v1/clusters", "Makes a cluster", for: .admins, takesBody: true,
                answers: [201: "The cluster", 409: "There is one of that name", 422: "An extension refuses"], create),
            FleetRoute(
                "GET", "/v1/clusters/{id:int}", "A cluster", for: .readers,
                answers: [200: "The cluster", 404: "There is none"]
            ) { request in
                let id = try request.id()
                return .cluster(try await operations.inventory.read { try ClusterRows.find(id, $0) })
            },
            FleetRoute(
                "PUT", "/v1/clusters/{id:int}", "Changes the fields that are given", for: .admins, takesBody: true,
                answers: [200: "The cluster", 412: "It was changed meanwhile", 422: "An extension refuses"], update),
            FleetRoute(
                "DELETE", "/v1/clusters/{id:int}", "Deletes a cluster", for: .admins,
                parameters: [.init(Self.nodes), .init(NodeRoutes.force)],
                answers: [204: "It is gone", 409: "It has nodes", 422: "An extension refuses"], delete),
            FleetRoute(
                "POST", "/v1/clusters/{id:int}/assignment",
                "Puts nodes into the cluster, with the roles they are to get",
                for: .admins, takesBody: true, answers: [200: "An object with nodes: those that were changed"]
            ) { request in
                let fields = try await request.fields("nodes", "roles")
                let nodes = try await operations.assign(
                    nodes: try fields.integers("nodes") ?? [], roles: try fields.texts("roles") ?? [],
                    toCluster: try request.id(), as: try request.caller(), try request.options())
                return .json(["nodes": .array(nodes.map { .object($0.json) })])
            },
            FleetRoute(
                "POST", "/v1/clusters/{id:int}/unassignment", "Takes nodes out of the cluster", for: .admins,
                takesBody: true, answers: [200: "An object with nodes: those that were changed"]
            ) { request in
                let fields = try await request.fields("nodes")
                let nodes = try await operations.unassign(
                    nodes: try fields.integers("nodes") ?? [], fromCluster: try request.id(),
                    as: try request.caller(), try request.options())
                return .json(["nodes": .array(nodes.map { .object($0.json) })])
            },
            FleetRoute(
                "POST", "/v1/clusters/{id:int}/check",
                "What stands against deploying the cluster, as its nodes and its extensions have it", for: .admins,
                answers: [200: "An object with passed and findings"], check),
        ]
    }

    private func create(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields("name", "extensions", "attributes")
        let extensions = try fields.texts("extensions") ?? []
        try ClusterExtensionRoutes.checkInstalled(extensions, host)
        let cluster = FleetCluster(
            name: try fields.required("name"), extensions: extensions,
            attributes: try fields.object("attributes") ?? [:])
        return .cluster(try await operations.create(cluster: cluster, as: try request.caller()), .created)
    }

    private func update(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields("name", "status", "attributes")
        let name = try fields.text("name")
        let status = try fields.word("status", FleetCluster.Status.self)
        let attributes = try fields.object("attributes")
        return .cluster(
            try await operations.update(
                cluster: try request.id(), as: try request.caller(), try request.options()
            ) { cluster in
                cluster.name = name ?? cluster.name
                cluster.status = status ?? cluster.status
                cluster.attributes = attributes ?? cluster.attributes
            })
    }

    private func delete(_ request: FleetRequest) async throws -> Response {
        let query = try request.query([.init(Self.nodes), .init(NodeRoutes.force)])
        let id = try request.id()
        let remainder = try query(Self.nodes)
        let doomed = try await operations.inventory.read { try NodeRows.all($0, cluster: id).compactMap(\.id) }
        try await operations.delete(
            cluster: id, nodes: remainder, as: try request.caller(),
            try request.options(isForced: try query(NodeRoutes.force) == .true))
        if remainder == .delete { heartbeats.forget(doomed) }
        return Response(status: .noContent)
    }

    private func check(_ request: FleetRequest) async throws -> Response {
        let id = try request.id()
        let (cluster, nodes) = try await operations.inventory.read { database in
            (try ClusterRows.find(id, database), try NodeRows.all(database, cluster: id))
        }
        var findings = try await host.checkDeployment(of: cluster, nodes: nodes)
        for node in nodes where !node.isOnline {
            findings.append(.init(message: "Node \(node.id ?? 0), \(node.name), is offline."))
        }
        return .json([
            "passed": .bool(!findings.contains(where: \.isFatal)),
            "findings": .array(
                findings.map { finding in
                    [
                        "extension": finding.extensionName.map { .string($0) } ?? .null,
                        "message": .string(finding.message), "fatal": .bool(finding.isFatal),
                    ]
                }),
        ])
    }
}
