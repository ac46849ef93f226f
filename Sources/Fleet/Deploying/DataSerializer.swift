// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import PluginHost

/// Makes deployment and provisioning data of what operators set: an object with `common`, and with `nodes` by their ids.
struct DataSerializer: Sendable {
    /// The keys of a cluster's attributes that its agents are configured by: for all, and by role.
    static let agent = "agent"
    static let agentOfRole = "agent_of_role"
    /// What a node's data says of who it is; nobody changes that.
    static let identity = ["uid", "name"]

    let cluster: FleetCluster
    /// By ascending id.
    let nodes: [FleetNode]
    let bootstrap: BootstrapSource

    /// - Returns: the data as each of the service's own steps leaves it, the first before any.
    func stages(of kind: DeploymentDataKind) throws -> [(author: String, data: JSONObject)] {
        let bare = data(common: [:]) { _ in [:] }
        guard kind == .deployment else {
            let common = bootstrap.common
            return [("", bare), ("the service's settings", data(common: common) { bootstrap.data(of: $0) })]
        }
        let common = try object(cluster.attributes[Self.agent], Self.agent)
        let byRole = try object(cluster.attributes[Self.agentOfRole], Self.agentOfRole)
        for role in byRole.entries { _ = try object(role.value, "\(Self.agentOfRole).\(role.key)") }
        let withCommon = data(common: common) { _ in [:] }
        let complete = data(common: common) { node in
            (node.roles + node.pendingRoles.filter { !node.roles.contains($0) }).reduce(JSONObject()) {
                $0.merged(with: byRole[$1]?.object ?? [:], isLast: false)
            }
        }
        return [
            ("", bare), ("the cluster's attribute \(Self.agent)", withCommon),
            ("the cluster's attribute \(Self.agentOfRole)", complete),
        ]
    }

    private func data(common: JSONObject, _ node: (FleetNode) -> JSONObject) -> JSONObject {
        let entries = nodes.map { one -> (String, JSONValue) in
            var data: JSONObject = ["uid": .string("\(one.id ?? 0)"), "name": .string(one.name)]
            for entry in node(one).entries where !Self.identity.contains(entry.key) { data[entry.key] = entry.value }
            return ("\(one.id ?? 0)", .object(data))
        }
        return ["common": .object(common), "nodes": .object(JSONObject(entries))]
    }

    private func object(_ value: JSONValue?, _ key: String) throws -> JSONObject {
        guard let value, value != .null else { return [:] }
        guard let object = value.object else {
            throw FleetProblem(
                .invalid,
                "The cluster's attribute \(key) is \(value.json.prefix(60)); allowed: an object, such as "
                    + #"{"polling": {"sources": {"cpu": {"interval": 60, "meters": ["cpu"]}}}}."#)
        }
        return object
    }
}
