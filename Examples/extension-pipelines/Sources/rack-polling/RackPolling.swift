// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// First: what all agents poll when the cluster says nothing of it.
struct UsualMeters: DataPipeline {
    func processDeployment(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject {
        var data = data
        var common = data["common"]?.object ?? [:]
        if common["polling"] == nil {
            common["polling"] = ["sources": ["usual": ["interval": 60, "meters": ["cpu", "memory"]]]]
        }
        data["common"] = .object(common)
        return data
    }
}

/// Second, over what the first one left: nodes with the label `rack` poll twice as often where the cluster's attribute
/// `busy_racks` names that rack.
struct BusyRacks: DataPipeline {
    func processDeployment(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject {
        let busy = Set((cluster.attributes["busy_racks"]?.array ?? []).compactMap(\.string))
        let sources = data["common"]?["polling"]?["sources"]?.object ?? [:]
        let quicker = sources.filter { _, source in source["interval"]?.integer != nil }.mapValues { _, source in
            ["interval": .integer(max(1, (source["interval"]?.integer ?? 1) / 2))]
        }
        guard !busy.isEmpty, !quicker.isEmpty else { return data }
        let racks = Dictionary(uniqueKeysWithValues: nodes.map { ("\($0.id ?? 0)", $0.labels["rack"] ?? "") })
        var data = data
        let changed = (data["nodes"]?.object ?? [:]).mapValues { id, node in
            guard busy.contains(racks[id] ?? ""), var own = node.object else { return node }
            // Over what is common to all, source by source.
            own["polling"] = ["sources": .object(quicker)]
            return .object(own)
        }
        data["nodes"] = .object(changed)
        return data
    }
}

/// Polls busy racks more often: two pipelines, of which the second builds on the first.
struct RackPolling: Loadable, FleetExtension {
    static let name = "rack_polling"
    static let version = "1.0.0"
    static let description = "Polls busy racks more often"
    static let events: Set<FleetEvent.Kind> = []
    static let dataPipelines: [any DataPipeline.Type] = [UsualMeters.self, BusyRacks.self]

    init(context: PluginContext) {}

    func onBeforeDeploymentCheck(_ cluster: FleetCluster, nodes: [FleetNode]) async throws {
        let busy = (cluster.attributes["busy_racks"]?.array ?? []).compactMap(\.string)
        let known = Set(nodes.compactMap { $0.labels["rack"] })
        if let rack = busy.first(where: { !known.contains($0) }) {
            throw FleetRefusal("busy_racks names \(rack), and no node of the cluster has that label")
        }
    }
}

@main struct RackPollingPlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [.fleetExtension(RackPolling.self)]
}
