// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB
internal import PluginHost

/// The last generation of a cluster for tools that bring it to hosts by themselves, in JSON. It has passwords, as hosts
/// need them.
struct ExportText: Sendable {
    let cluster: Int

    func json(_ database: Database) throws -> JSONValue {
        let known = try ClusterRows.find(cluster, database)
        guard let last = try GenerationRows.last(cluster: cluster, database) else {
            throw FleetProblem(.notFound, "Cluster \(cluster) was not deployed yet.")
        }
        let nodes = try NodeRows.all(database, cluster: cluster).reduce(into: [Int: FleetNode]()) {
            $0[$1.id ?? 0] = $1
        }
        var provisioning: [Int: JSONObject] = [:]
        let members = try GenerationRows.members(of: last, database).compactMap { member -> JSONValue? in
            guard let node = nodes[member.node] else { return nil }
            if provisioning[member.origin] == nil {
                let source = try? GenerationRows.find(member.origin, cluster: cluster, database)
                provisioning[member.origin] =
                    try source.map {
                        try GenerationRows.data(of: $0, .provisioning, database)
                    } ?? [:]
            }
            let data = provisioning[member.origin] ?? [:]
            let own = data["nodes"]?["\(member.node)"]?.object ?? [:]
            let text = try String.fetchOne(
                database, sql: "SELECT body FROM config WHERE digest = ?", arguments: [member.digest])
            return [
                "id": .integer(member.node), "name": .string(node.name),
                "roles": .array(node.roles.map { .string($0) }), "config": try JSONValue(parsing: text ?? "{}"),
                "provisioning": .object((data["common"]?.object ?? [:]).merged(with: own)),
            ]
        }
        return [
            "cluster": .string(known.name), "generation": .integer(last.number),
            "common": try GenerationRows.data(of: last, .deployment, database)["common"] ?? [:],
            "nodes": .array(members),
        ]
    }
}
