// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Makes a model of what Ironic answered.
public enum IronicModelBuilder {
    /// - Parameter nodes: `nodes/detail`.
    public static func build(nodes: [JSONValue]) throws -> BaremetalModelRoot {
        var model = BaremetalModelRoot()
        for json in nodes {
            var node = IronicNode(uuid: try json.text("uuid", of: "a node"))
            node.powerState = json["power_state"]?.string
            node.isInMaintenance = json["maintenance"]?.bool
            node.maintenanceReason = json["maintenance_reason"]?.string
            node.extra = ["compute_node_id": json["extra"]?["compute_node_id"] ?? .null]
            model.add(node)
        }
        return model
    }
}
