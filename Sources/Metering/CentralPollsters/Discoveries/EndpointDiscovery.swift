// SPDX-License-Identifier: Apache-2.0
internal import OpenStack
internal import Telemetry

/// `endpoint` and `endpoint:TYPE`: where the cloud's services are, or the one of a type, as its catalog says.
struct EndpointDiscovery: Discovery {
    let cloud: CloudReader

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        guard let session = cloud.login else { return [] }
        let types = if let parameter { [parameter] } else { try await session.services(by: cycle.deadline).sorted() }
        var resources: [Resource] = []
        for type in types {
            guard let url = try await cloud.endpoint(of: type, by: cycle.deadline) else { continue }
            resources.append(Resource(id: url, metadata: ["service_type": .string(type)]))
        }
        return resources
    }
}
