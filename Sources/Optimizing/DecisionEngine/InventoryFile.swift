// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// The models of strategies that decide by more than a cluster data model, as files hold them.
public enum InventoryFile {
    /// The model in a file's text: JSON with `"model": "metal"` and its `machines`, or `"model": "block_storage"` and
    /// Cinder's lists.
    ///
    /// - Returns: nil for what is neither.
    public static func read(_ text: String) throws -> (name: String, model: any Model)? {
        guard text.first(where: { !$0.isWhitespace }) == "{" else { return nil }
        let json = try JSONValue(parsing: text)
        switch json["model"]?.string {
        case "metal": return ("metal", try MetalInventory(json: json))
        case "block_storage": return ("block_storage", try BlockStorageInventory(json: json))
        default: return nil
        }
    }
}

extension MetalInventory {
    /// Reads the list `machines`: `id`, `hostname`, `power_state`, `running_instances`, `hypervisor_state`, and
    /// `is_up_when_off` where that is so.
    public init(json: JSONValue) throws(ModelFormatError) {
        machines = []
        for machine in json["machines"]?.array ?? [] {
            guard let id = machine["id"]?.string, let hostname = machine["hostname"]?.string,
                let power = machine["power_state"]?.string, let running = machine["running_instances"]?.integer,
                let state = machine["hypervisor_state"]?.string
            else {
                throw ModelFormatError(
                    "machine \(machine.json.prefix(80)); each has id, hostname, power_state, running_instances and "
                        + "hypervisor_state")
            }
            machines.append(
                Machine(
                    id: id, hostname: hostname, powerState: power, runningInstances: running, hypervisorState: state,
                    isUpWhenOff: machine["is_up_when_off"]?.bool ?? false))
        }
    }
}
