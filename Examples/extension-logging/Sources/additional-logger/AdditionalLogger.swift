// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit

/// Notes in the data when its making began. It stands beside `common` and `nodes`, where no agent looks: agents that are
/// configured as before go on undisturbed.
struct TimeStartedPipeline: DataPipeline {
    func processProvisioning(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject { started("provisioning", data) }

    func processDeployment(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject { started("deployment", data) }

    private func started(_ what: String, _ data: JSONObject) -> JSONObject {
        var data = data
        data["time_started"] = .string("\(what) started at \(Date.now.formatted(.iso8601))")
        return data
    }
}

/// Writes a line for whatever happens to nodes and clusters.
struct AdditionalLogger: Loadable, FleetExtension {
    static let name = "additional_logger"
    static let version = "1.0.0"
    static let description = "Additional Logging Extension"
    static let dataPipelines: [any DataPipeline.Type] = [TimeStartedPipeline.self]

    private let log: PluginLog

    init(context: PluginContext) { log = context.log }

    func onNodeCreate(_ event: FleetEvent) async throws { log("Node \(id(event)) has been created") }
    func onNodeUpdate(_ event: FleetEvent) async throws { log("Node \(id(event)) has been updated") }
    func onNodeReset(_ event: FleetEvent) async throws { log("Node \(id(event)) has been reset") }
    func onNodeDelete(_ event: FleetEvent) async throws { log("Node \(id(event)) has been deleted") }

    func onNodeCollectionDelete(_ event: FleetEvent) async throws {
        log("Nodes \(event.nodeIDs.map(String.init).joined(separator: ", ")) have been deleted")
    }

    func onClusterDelete(_ event: FleetEvent) async throws {
        log("Cluster \(event.cluster?.id ?? 0) has been deleted")
    }

    func onBeforeDeploymentCheck(_ cluster: FleetCluster, nodes: [FleetNode]) async throws {
        log("Cluster \(cluster.id ?? 0) will be deployed soon")
    }

    private func id(_ event: FleetEvent) -> Int { event.node?.id ?? 0 }
}

@main struct AdditionalLoggerPlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [.fleetExtension(AdditionalLogger.self)]
}
