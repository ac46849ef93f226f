// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The discovery `local_hypervisor`: this host, as a resource of its own.
struct LocalHypervisor: Discovery {
    let resource: Resource

    /// - Parameter host: `[DEFAULT] host`. It makes both parts of the resource's name, as datasources of strategies ask
    ///   for a node by `HOST_NODENAME`.
    init(host: String) {
        resource = Resource(id: "\(host)_\(host)", metadata: ["host": .string(host)])
    }

    func discover(_ parameter: String?, in cycle: PollingCycle) -> [Resource] { [resource] }
}
