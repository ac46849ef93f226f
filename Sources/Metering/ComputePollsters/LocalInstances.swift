// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// The discovery `local_instances`: every domain of this host's hypervisor, nova's and others, running or not.
struct LocalInstances: Discovery {
    let reader: HypervisorReader

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        try await reader.reading(in: cycle).domains.map(\.resource)
    }
}
