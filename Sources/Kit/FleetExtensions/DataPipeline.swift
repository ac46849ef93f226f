// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Changes what is about to be sent to the nodes of a cluster on which its extension is enabled.
///
/// `data` is an object with `common` and with `nodes`, by the node's id as a text. Declared by an extension's
/// ``FleetExtension/dataPipelines``, they run in that order.
public protocol DataPipeline: Sendable {
    init()

    /// - Parameters:
    ///   - cluster: whose data it is.
    ///   - nodes: those that the data is of.
    /// - Returns: the data as it is to go on.
    func processDeployment(_ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]) async throws -> JSONObject
    func processProvisioning(_ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]) async throws -> JSONObject
}

extension DataPipeline {
    public func processDeployment(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject { data }

    public func processProvisioning(
        _ data: JSONObject, cluster: FleetCluster, nodes: [FleetNode]
    ) async throws -> JSONObject { data }
}
