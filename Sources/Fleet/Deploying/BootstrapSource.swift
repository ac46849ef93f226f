// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions

/// What a host needs before its agent can ask for anything: where the service is, whom to trust, which version to run.
/// The token isn't in it, only what stands for it; it is put in its place when files are written.
package struct BootstrapSource: Sendable, Hashable {
    /// As hosts reach the service: `https://fleet.example.org:4954`.
    package var url: String
    /// The PEM text of the authorities that sign the service's certificate; nil for the system's.
    package var authorities: String?
    package var agentVersion: String

    static let token = "secret:bootstrap"
    static let keys = ["fleet", "agent"]

    var common: JSONObject {
        var fleet: JSONObject = ["url": .string(url), "token": .string(Self.token)]
        fleet["ca"] = authorities.map { .string($0) }
        return ["fleet": .object(fleet), "agent": ["version": .string(agentVersion)]]
    }

    func data(of node: FleetNode) -> JSONObject { ["hostname": .string(node.name), "mac": .string(node.mac)] }
}
