// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// A model as rows for people: nodes with what is used of them, pools, machines.
public enum ModelTable {
    /// The first row has the columns' names.
    public static func rows(_ model: any Model) -> [[String]] {
        switch model {
        case let model as ModelRoot: rows(model)
        case let model as StorageModelRoot:
            [["pool", "on", "GiB", "free", "allocated", "volumes"]]
                + model.allPools.map { pool in
                    [
                        pool.name, pool.nodeName, text(pool.totalCapacity), text(pool.freeCapacity),
                        text(pool.allocatedCapacity), String(model.volumes(in: pool.name).count),
                    ]
                }
        case let model as BaremetalModelRoot:
            [["machine", "power", "in maintenance"]]
                + model.allNodes.map { [$0.uuid, $0.powerState ?? "", $0.isInMaintenance.map { "\($0)" } ?? ""] }
        default: model.text.split(separator: "\n").map { [String($0)] }
        }
    }

    private static func rows(_ model: ModelRoot) -> [[String]] {
        var rows = [["node", "state", "instances", "vcpus", "of", "MiB", "of", "GiB", "of"]]
        for id in model.nodeIDs {
            let node = model[id]
            let (used, capacity) = (model.used(of: id), node.capacity)
            let state = node.state == .up ? node.status.rawValue : node.state.rawValue
            rows.append([
                node.hostname ?? node.uuid, state, String(model.instanceCount(on: id)), String(used.vcpus),
                whole(capacity.vcpus), String(used.memory), whole(capacity.memory), String(used.disk),
                whole(capacity.disk),
            ])
        }
        let unmapped = model.instanceIDs.count { model.nodeID(of: $0) == nil }
        if unmapped > 0 { rows.append(["(none)", "", String(unmapped)]) }
        return rows
    }

    private static func text(_ number: Int?) -> String { number.map { String($0) } ?? "" }

    /// Capacities are of megabytes and processors; a fraction of one is of no use.
    private static func whole(_ number: Double) -> String {
        Int(exactly: number.rounded(.down)).map { String($0) } ?? String(number)
    }
}
