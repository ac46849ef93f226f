// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import FleetExtensions
internal import HypsometerKit

/// What an agent is configured by, or what it is brought up by.
package enum DeploymentDataKind: String, Sendable, Hashable, CaseIterable {
    case deployment, provisioning

    var method: PluginProtocol.Method {
        switch self {
        case .deployment: .processDeployment
        case .provisioning: .processProvisioning
        }
    }
}

/// Whose data goes through pipelines, as each of them is told.
package struct PipelineSubject: Sendable {
    /// The members `cluster` and `nodes` of a call's parameters.
    let text: String

    package init(_ cluster: FleetCluster, _ nodes: [FleetNode]) {
        let list = JSONValue.array(nodes.map { .object($0.json) }).json
        text = "\"cluster\": \(JSONValue.object(cluster.json).json), \"nodes\": \(list)"
    }
}
