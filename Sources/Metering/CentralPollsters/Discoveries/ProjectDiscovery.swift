// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import OpenStack
internal import Telemetry

/// `tenant`: all projects that Keystone knows.
struct ProjectDiscovery: Discovery {
    let cloud: CloudReader
    /// Whether those that are disabled, or whose domain is, are left out.
    let ignoresDisabled: Bool

    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource] {
        guard let session = cloud.login else { return [] }
        let projects = try await session.pages(
            of: ServiceRequest("identity", "v3/projects", deadline: cycle.deadline), key: "projects"
        ).all()
        let closed = ignoresDisabled ? try await closedDomains(session, cycle) : []
        return try projects.compactMap { project in
            let id = try project.text("id")
            let domain = try project.optionalText("domain_id")
            if ignoresDisabled, project["enabled"] == .bool(false) || domain.map(closed.contains) == true { return nil }
            var metadata: Metadata = ["name": .init(try project.optionalText("name"))]
            metadata["domain_id"] = .init(domain)
            metadata["enabled"] = .bool(project["enabled"] != .bool(false))
            return Resource(id: id, projectID: id, metadata: metadata)
        }
    }

    private func closedDomains(_ session: CloudSession, _ cycle: PollingCycle) async throws -> Set<String> {
        let domains = try await session.pages(
            of: ServiceRequest("identity", "v3/domains", deadline: cycle.deadline), key: "domains"
        ).all()
        return Set(try domains.filter { $0["enabled"] == .bool(false) }.map { domain in try domain.text("id") })
    }
}
