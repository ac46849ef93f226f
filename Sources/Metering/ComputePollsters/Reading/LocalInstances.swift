// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The discovery `local_instances`: every domain of this host's hypervisor, running or not.
struct LocalInstances: Discovery {
    let reader: HypervisorReader
    /// Leaves out domains that nova did not start.
    let novaOnly: Bool

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        try await reader.reading(in: cycle).domains
            .filter { !novaOnly || $0.description.nova != nil }
            .map(\.resource)
    }
}
