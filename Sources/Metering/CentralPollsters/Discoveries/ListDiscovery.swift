// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import OpenStack
internal import Telemetry

/// What a service lists, page after page; each item's fields are the resource's metadata, without those that are
/// secrets.
struct ListDiscovery: Discovery {
    /// Such as the key that both ends of a VPN connection know.
    private static let secrets: Set<String> = ["psk", "password", "adminPass", "admin_pass", "secret", "auth_key"]

    let cloud: CloudReader
    let list: ServiceList

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        guard let session = cloud.login, try await cloud.endpoint(of: list.service, by: cycle.deadline) != nil else {
            return []
        }
        var request = ServiceRequest(list.service, list.path, deadline: cycle.deadline)
        request.query = list.query.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        request.headers = list.headers
        do {
            return try await session.pages(of: request, key: list.key).all().compactMap { try resource($0) }
        } catch let error as CloudError where error.status == 404 {
            // A part of a service that this cloud does without, as Neutron's VPNs.
            return []
        }
    }

    private func resource(_ item: WireValue) throws -> Resource? {
        guard case .object(let entries) = item else { return nil }
        let id = try list.id.map { field in try item.text(field) }.joined(separator: "@")
        let project = try list.project.lazy.compactMap { field in try item.optionalText(field) }.first
        let shown = entries.filter { !Self.secrets.contains($0.key) }
        return Resource(
            id: id, projectID: project, userID: try item.optionalText(list.user), metadata: try Metadata(shown))
    }
}
