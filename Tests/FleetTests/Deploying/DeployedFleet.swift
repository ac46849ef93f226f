// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// Deploying, as tests ask for it.
extension RunningFleet {
    /// What a cluster's agents are configured by in these tests: `cpu` each minute, into a file.
    static let agent = """
        {"polling": {"sources": {"cpu": {"interval": 60, "meters": ["cpu"]}}},
         "pipeline": {"sources": {"all": {"meters": ["*"], "sinks": ["out"]}},
                      "sinks": {"out": {"publishers": ["stdout://"]}}}}
        """

    /// A cluster with so many nodes in it.
    func deployable(
        _ count: Int, extensions: [String], agent: String = agent
    ) async throws -> (cluster: Int, nodes: [(id: Int, token: String)]) {
        let cluster = try await createCluster("one", extensions: extensions)
        try await setAgent(cluster, agent)
        var nodes: [(id: Int, token: String)] = []
        for number in 1...count { nodes.append(try await register(number)) }
        let ids = nodes.map { "\($0.id)" }.joined(separator: ",")
        _ = try await send(
            "POST", "/v1/clusters/\(cluster)/assignment", #"{"nodes": [\#(ids)], "roles": ["compute"]}"#)
        return (cluster, nodes)
    }

    func setAgent(_ cluster: Int, _ agent: String) async throws {
        let reply = try await send("PUT", "/v1/clusters/\(cluster)", #"{"attributes": {"agent": \#(agent)}}"#)
        guard reply.status == 200 else { throw ShellError(command: "set", reason: reply.text) }
    }

    func deploy(_ cluster: Int, _ body: String = "{}") async throws -> HTTPClient.Reply {
        try await send("POST", "/v1/clusters/\(cluster)/deployments", body)
    }

    /// What a node's agent gets.
    func configuration(_ token: String) async throws -> HTTPClient.Reply {
        try await send("GET", "/v1/nodes/agent/config", token: token)
    }
}

extension HTTPClient.Reply {
    /// What stands at a JSON pointer; nil where nothing does.
    func at(_ pointer: String) -> Any? {
        pointer.split(separator: "/").reduce(json as Any?) { value, segment in
            if let list = value as? [Any] { return Int(segment).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return (value as? [String: Any])?[String(segment).replacing("~1", with: "/")]
        }
    }
}
