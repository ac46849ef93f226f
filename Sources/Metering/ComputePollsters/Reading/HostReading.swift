// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// All domains of this host at one time: their figures and what they are.
struct HostReading: Sendable {
    struct Domain: Sendable {
        let stats: DomainStats
        let resource: Resource
        let description: DomainDescription
        let shape: DomainShape

        init(stats: DomainStats, resource: Resource, description: DomainDescription) {
            self.stats = stats
            self.resource = resource
            self.description = description
            shape = DomainShape(stats, description)
        }
    }

    var domains: [Domain]
    /// False where a part of the domains could not be read, though they may still be there.
    var isComplete: Bool
    private var indices: [String: Int]

    init(_ domains: [Domain], isComplete: Bool = true) {
        self.domains = domains
        self.isComplete = isComplete
        indices = Dictionary(domains.indices.map { (domains[$0].stats.uuid, $0) }) { first, _ in first }
    }

    subscript(uuid: String) -> Domain? { indices[uuid].map { domains[$0] } }
}
