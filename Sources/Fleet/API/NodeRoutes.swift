// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import Telemetry
internal import Web

/// `/v1/nodes`.
struct NodeRoutes: Sendable {
    let operations: FleetOperations
    let watch: NodeWatch
    let host: ExtensionHost

    static let force = QueryParameter<FleetFlag>("force", help: "Whether extensions aren't asked (default false).")
    private static let ids = QueryParameter<String>("ids", help: "Which nodes, by their ids with commas between them.")
    private static let updates: Set<Caller.Scope> = [.admin]

    var all: [FleetRoute] {
        [
            FleetRoute(
                "POST", "/v1/nodes", "Registers a node; tells its token, once", for: [.admin, .bootstrap],
                takesBody: true,
                answers: [
                    201: "An object with node and token", 200: "The same, for the Idempotency-Key of an earlier try",
                    400: "The body is wrong", 403: "It is not in status discover, or the token was used up",
                    409: "It is registered already",
                ], register),
            FleetRoute(
                "GET", "/v1/nodes", "The nodes", for: .readers, parameters: NodeList.parameters,
                answers: [200: "An object with nodes and, where there are more, next_marker"]
            ) { try await NodeList(inventory: operations.inventory)($0) },
            FleetRoute(
                "DELETE", "/v1/nodes", "Deletes nodes, all or none", for: .admins,
                parameters: [.init(Self.ids, isRequired: true), .init(Self.force)],
                answers: [204: "They are gone", 404: "One of them isn't there", 422: "An extension refuses"],
                deleteMany),
            FleetRoute(
                "PUT", "/v1/nodes/agent", "What a node's agent tells of its host, at least every minute", for: [.node],
                takesBody: true,
                answers: [200: "An object with id, and cached: whether it said nothing new"], hear),
            FleetRoute(
                "GET", "/v1/nodes/{id:int}", "A node", for: [.admin, .read, .node],
                answers: [200: "The node", 404: "There is none"], show),
            FleetRoute(
                "PUT", "/v1/nodes/{id:int}", "Changes the fields that are given", for: Self.updates, takesBody: true,
                answers: [
                    200: "The node", 409: "It is in another cluster", 412: "It was changed meanwhile",
                    422: "An extension refuses",
                ], update),
            FleetRoute(
                "DELETE", "/v1/nodes/{id:int}", "Deletes a node", for: .admins, parameters: [.init(Self.force)],
                answers: [204: "It is gone", 404: "There is none", 422: "An extension refuses"], delete),
            FleetRoute(
                "POST", "/v1/nodes/{id:int}/reset", "Puts a node back to discover; its roles are pending again",
                for: .admins, answers: [200: "The node"]
            ) { request in
                .node(
                    try await operations.reset(
                        node: try request.id(), as: try request.caller(), try request.options()))
            },
            FleetRoute(
                "POST", "/v1/nodes/{id:int}/calls/{name}",
                "Makes a call that an extension of the node, or else of its cluster, provides; arguments is a list",
                for: .admins, takesBody: true,
                answers: [
                    200: "An object with value and extension: whose it is", 404: "No extension provides it",
                    422: "The extension refuses", 503: "The extension fails",
                ], call),
            FleetRoute(
                "POST", "/v1/nodes/{id:int}/token", "Gives a node a new token; the old one is worth nothing any more",
                for: .admins, answers: [201: "An object with token"]
            ) { request in
                let secret = try await operations.renewToken(ofNode: try request.id(), as: try request.caller())
                return .json(["token": .string(secret)], .created)
            },
        ]
    }

    private func register(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields("mac", "name", "status", "labels", "meta", "agent_version")
        guard let mac = HardwareAddress.normal(try fields.required("mac")) else {
            throw FleetProblem(.invalid, "The field mac is no hardware address; allowed: \(HardwareAddress.allowed).")
        }
        guard try fields.word("status", NodeStatus.self) == .discover else {
            throw FleetProblem(.forbidden, "A node is registered with \"status\": \"discover\" alone.")
        }
        let node = FleetNode(
            mac: mac, name: try fields.text("name") ?? "node-\(mac)", labels: try fields.labels("labels") ?? [:],
            meta: try fields.object("meta") ?? [:], agentVersion: try fields.text("agent_version"))
        let key = HTTPField.Name("Idempotency-Key").flatMap { request.request.headers[$0] }
        let registration = try await operations.register(node, key: key, as: try request.caller())
        if let id = registration.node.id {
            watch.heartbeats.expect(id, checksum: nil, isOnline: registration.node.isOnline)
        }
        return .json(
            ["node": .object(registration.node.json), "token": .string(registration.secret)],
            registration.isRepeated ? .ok : .created, version: registration.node.version)
    }

    private func hear(_ request: FleetRequest) async throws -> Response {
        guard let id = try request.caller().node else { throw FleetProblem(.forbidden, "The token is no node's.") }
        let fields = try await request.fields("agent_checksum", "name", "status", "meta", "agent_version", "mac")
        if let mac = try fields.text("mac").map({ HardwareAddress.normal($0) }) {
            let known = try await operations.inventory.read { database in
                try mac.flatMap { try NodeRows.owner(of: [$0], database) }
            }
            guard known == id else {
                throw FleetProblem(.forbidden, "The token is of node \(id), which has no such address.")
            }
        }
        let report = NodeWatch.Report(
            checksum: try fields.text("agent_checksum"), name: try fields.text("name"),
            status: try fields.word("status", NodeStatus.self), meta: try fields.object("meta"),
            agentVersion: try fields.text("agent_version"))
        let isCached = try await watch.hear(id, report, as: try request.caller())
        return .json(["id": .integer(id), "cached": .bool(isCached)])
    }

    private func show(_ request: FleetRequest) async throws -> Response {
        let id = try request.id()
        if let own = try request.caller().node, own != id {
            throw FleetProblem(.forbidden, "The token is of node \(own).")
        }
        let node = try await operations.inventory.read { try NodeRows.find(id, $0) }
        var json = node.json
        json["last_seen"] = (watch.heartbeats.lastSeen(id)).map { .string($0.description) } ?? .null
        return .json(.object(json), version: node.version)
    }

    private func call(_ request: FleetRequest) async throws -> Response {
        let arguments = try await request.fields("arguments").array("arguments") ?? []
        let answer = try await host.call(request.parameters["name"] ?? "", ofNode: try request.id(), arguments)
        return .json(["value": answer.value, "extension": .string(answer.extensionName)])
    }

    private func update(_ request: FleetRequest) async throws -> Response {
        let fields = try await request.fields(
            "name", "status", "cluster", "roles", "pending_roles", "labels", "meta", "extensions")
        let name = try fields.text("name")
        let status = try fields.word("status", NodeStatus.self)
        let cluster = fields.isNull("cluster") ? nil : try fields.integer("cluster", in: 1...Int.max)
        let hasCluster = fields.has("cluster")
        let (roles, pending) = (try fields.texts("roles"), try fields.texts("pending_roles"))
        let (labels, meta) = (try fields.labels("labels"), try fields.object("meta"))
        let extensions = try fields.texts("extensions")
        try ClusterExtensionRoutes.checkInstalled(extensions ?? [], host)
        let node = try await operations.update(
            node: try request.id(), as: try request.caller(), try request.options()
        ) { node, _ in
            node.name = name ?? node.name
            node.status = status ?? node.status
            if hasCluster { node.cluster = cluster }
            node.roles = roles ?? node.roles
            node.pendingRoles = pending ?? node.pendingRoles
            node.labels = labels ?? node.labels
            node.meta = meta ?? node.meta
            node.extensions = extensions ?? node.extensions
        }
        return .node(node)
    }

    private func delete(_ request: FleetRequest) async throws -> Response {
        let query = try request.query([.init(Self.force)])
        let id = try request.id()
        try await operations.delete(
            nodes: [id], as: try request.caller(), try request.options(isForced: try query(Self.force) == .true))
        watch.heartbeats.forget([id])
        return Response(status: .noContent)
    }

    private func deleteMany(_ request: FleetRequest) async throws -> Response {
        let query = try request.query([.init(Self.ids), .init(Self.force)])
        let words = (try query(Self.ids) ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        let ids = words.compactMap { Int($0) }
        guard ids.count == words.count, !ids.isEmpty, ids.count <= 1000 else {
            throw FleetProblem(.invalid, "The parameter ids takes 1 to 1000 numbers with commas between them.")
        }
        try await operations.delete(
            nodes: ids, as: try request.caller(), .init(isForced: try query(Self.force) == .true))
        watch.heartbeats.forget(ids)
        return Response(status: .noContent)
    }
}

enum FleetFlag: String, Sendable, CaseIterable { case `true`, `false` }
