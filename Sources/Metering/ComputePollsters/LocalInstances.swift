// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The discovery `local_instances`: every domain of this host's hypervisor, nova's and others, running or not.
struct LocalInstances: Discovery {
    let reader: HypervisorReader
    /// `[DEFAULT] host`.
    let host: String

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        try await reader.reading(in: cycle).domains.map { $0.description.resource(host: host, state: $0.stats.state) }
    }
}
