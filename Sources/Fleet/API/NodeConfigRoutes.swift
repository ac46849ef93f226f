// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import PluginHost
internal import Telemetry
internal import Web

/// What nodes are configured by: for their agents, and for operators who want it otherwise.
struct NodeConfigRoutes: Sendable {
    let deployments: Deployments

    private var inventory: Inventory { deployments.operations.inventory }

    var all: [FleetRoute] {
        [
            FleetRoute(
                "GET", "/v1/nodes/agent/config",
                "What the caller's node is to run; the ETag stays as long as that does, whatever the generation",
                for: [.node],
                answers: [
                    200: "An object with cluster, generation, digest and config", 304: "As If-None-Match has it",
                    404: "It was not deployed yet",
                ], fetch),
            FleetRoute(
                "PUT", "/v1/nodes/agent/config", "What the caller's agent made of its configuration", for: [.node],
                takesBody: true, answers: [204: "It is noted"], report),
            FleetRoute(
                "GET", "/v1/nodes/{id:int}/config", "What a node is to run, and what its agent made of it",
                for: .admins,
                answers: [
                    200: "An object with cluster, generation, digest, config and report",
                    404: "It was not deployed yet",
                ]
            ) { request in
                let id = try request.id()
                let (live, report) = try await inventory.read { database in
                    _ = try NodeRows.find(id, database)
                    return (try NodeConfigRows.live(id, database), try NodeConfigRows.report(of: id, database))
                }
                var json = try Self.json(try Self.found(live, id))
                json["report"] = report?.json ?? .null
                return .json(JSONValue.object(json).withoutPasswords)
            },
            FleetRoute(
                "GET", "/v1/nodes/{id:int}/overrides/{kind}", "What an operator put in the place of a node's data",
                for: .admins, answers: [200: "The data", 404: "Nothing was"]
            ) { request in
                let (id, kind) = (try request.id(), try Self.kind(request))
                let data = try await inventory.read { try NodeConfigRows.override(kind, of: id, $0) }
                guard let data else {
                    throw FleetProblem(.notFound, "The \(kind.rawValue) data of node \(id) is not replaced.")
                }
                return .json(.object(data))
            },
            FleetRoute(
                "PUT", "/v1/nodes/{id:int}/overrides/{kind}",
                "Puts data in the place of a node's, of kind deployment or provisioning; no pipeline sees it",
                for: .admins,
                takesBody: true, answers: [200: "The data, from the next deployment on"]
            ) { request in
                guard let data = try await request.json().object else {
                    throw FleetProblem(.invalid, "The body is no JSON object; allowed: the node's data.")
                }
                try await replace(request, data)
                return .json(.object(data))
            },
            FleetRoute(
                "DELETE", "/v1/nodes/{id:int}/overrides/{kind}", "Lets a node's data be made again", for: .admins,
                answers: [204: "From the next deployment on"]
            ) { request in
                try await replace(request, nil)
                return Response(status: .noContent)
            },
        ]
    }

    private static func kind(_ request: FleetRequest) throws -> DeploymentDataKind {
        guard let kind = request.parameters["kind"].flatMap(DeploymentDataKind.init(rawValue:)) else {
            throw FleetProblem(.notFound, "There is no such data; there are: deployment, provisioning.")
        }
        return kind
    }

    private func replace(_ request: FleetRequest, _ data: JSONObject?) async throws {
        let (id, kind, caller) = (try request.id(), try Self.kind(request), try request.caller())
        try await inventory.write { database in
            _ = try NodeRows.find(id, database)
            try NodeConfigRows.set(override: data, kind, of: id, database)
            try AuditRows.add(
                caller, data == nil ? "node.restore_data" : "node.replace_data", "node \(id)", outcome: "done",
                detail: kind.rawValue, database)
        }
    }

    private static func found(_ live: NodeConfigRows.Live?, _ id: Int) throws -> NodeConfigRows.Live {
        guard let live else {
            throw FleetProblem(.notFound, "Node \(id) was not deployed yet in the cluster that it is in.")
        }
        return live
    }

    private static func json(_ live: NodeConfigRows.Live) throws -> JSONObject {
        [
            "cluster": .integer(live.cluster), "generation": .integer(live.generation), "digest": .string(live.digest),
            "config": try JSONValue(parsing: live.text),
        ]
    }

    private func node(_ request: FleetRequest) throws -> Int {
        guard let id = try request.caller().node else { throw FleetProblem(.forbidden, "The token is no node's.") }
        return id
    }

    private func fetch(_ request: FleetRequest) async throws -> Response {
        let id = try node(request)
        let live = try Self.found(try await inventory.read { try NodeConfigRows.live(id, $0) }, id)
        let tag = "\"\(live.digest)\""
        let isKnown = request.request.headers[.ifNoneMatch] == tag
        var response = isKnown ? Response(status: .notModified) : Response.json(.object(try Self.json(live)))
        response.headers[.eTag] = tag
        for (name, value) in [("Hypsometer-Cluster", live.cluster), ("Hypsometer-Generation", live.generation)] {
            if let name = HTTPField.Name(name) { response.headers[name] = "\(value)" }
        }
        return response
    }

    private func report(_ request: FleetRequest) async throws -> Response {
        let id = try node(request)
        let fields = try await request.fields("generation", "digest", "outcome", "message")
        guard let outcome = try fields.word("outcome", NodeConfigRows.Report.Outcome.self),
            let generation = try fields.integer("generation", in: 1...Int.max)
        else { throw FleetProblem(.invalid, "The fields generation, digest and outcome have to be there.") }
        let report = NodeConfigRows.Report(
            generation: generation, digest: try fields.required("digest"), outcome: outcome,
            message: try fields.text("message", in: 0...4000) ?? "", time: .now)
        try await deployments.note(report, of: id, as: try request.caller())
        return Response(status: .noContent)
    }
}
