// SPDX-License-Identifier: Apache-2.0
internal import OpenStack
internal import Telemetry

/// The address of a service, by its type in the catalog: `endpoint:volumev3`. A service that the cloud doesn't have is
/// no resource, and no error.
struct ServiceAddresses: Discovery {
    let session: CloudSession

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        let types = if let parameter { [parameter] } else { try await session.services(by: cycle.deadline).sorted() }
        var resources: [Resource] = []
        for type in types {
            if let address = try await session.endpoint(of: type, by: cycle.deadline) {
                resources.append(Resource(id: address))
            }
        }
        return resources
    }
}
