// SPDX-License-Identifier: Apache-2.0

/// A machine whose power Ironic switches.
public struct IronicNode: ModelElement {
    public var uuid: String
    /// `power on`, `power off`, or what else Ironic says.
    public var powerState: String?
    public var isInMaintenance: Bool?
    public var maintenanceReason: String?
    /// Holds `compute_node_id`, the hypervisor that the machine is.
    public var extra: JSONObject?
    public var humanID = ""

    public init(uuid: String) { self.uuid = uuid }

    public var key: String { uuid }
    public init(key: String) { self.init(uuid: key) }

    public static let fields: [ElementField<IronicNode>] = [
        .text("power_state", \.powerState),
        .boolean("maintenance", \.isInMaintenance),
        .text("maintenance_reason", \.maintenanceReason),
        .json("extra", \.extra),
        .text("uuid", \.uuid),
        .text("human_id", \.humanID),
    ]
}
