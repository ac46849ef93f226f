// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import OpenStack
internal import Wire

/// The project whose samples Gnocchi gets none of: that of the cloud's own services, so that what Gnocchi writes into
/// object storage does not make more samples for it to write.
actor ProjectExclusion {
    private let name: String
    private let domain: String
    private let session: CloudSession
    private let log: Logger
    private var known: String??

    init(name: String, domain: String, session: CloudSession, log: Logger) {
        self.name = name
        self.domain = domain
        self.session = session
        self.log = log
    }

    /// nil where there is no such project, or we may not look for it; then nothing is left out, and that is said once.
    ///
    /// - Throws: where Keystone doesn't answer.
    func projectID() async throws -> String? {
        if let known { return known }
        let found: String?
        do {
            found = try await search()
        } catch let error as CloudError {
            guard case .status(403) = error.kind else { throw error }
            log.notice(
                "the project whose samples Gnocchi should not get can't be looked for; nothing is left out",
                metadata: ["project": "\(name)", "error": "\(error)"])
            found = nil
        }
        known = .some(found)
        return found
    }

    private func search() async throws -> String? {
        // Domains are known by name and by id, which are Default and default where nobody made others.
        let domains = try await ids(of: "domains", named: domain)
        let answer = try await session.answer(
            to: ServiceRequest("identity", .get, "v3/projects", query: ["name": name]))
        guard case .array(let projects)? = try answer.json()["projects"] else { return nil }
        let allowed = Set(domains + [domain])
        let project = projects.first { project in
            guard case .string(let id)? = project["domain_id"] else { return false }
            return allowed.contains(id)
        }
        if case .string(let id)? = project?["id"] { return id }
        return nil
    }

    private func ids(of collection: String, named name: String) async throws -> [String] {
        let answer = try await session.answer(
            to: ServiceRequest("identity", .get, "v3/\(collection)", query: ["name": name]))
        guard case .array(let items)? = try answer.json()[collection] else { return [] }
        return items.compactMap { item in if case .string(let id)? = item["id"] { id } else { nil } }
    }
}
