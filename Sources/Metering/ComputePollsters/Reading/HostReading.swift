// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// All domains of this host at one time: their figures and what they are.
struct HostReading: Sendable {
    /// A class, since each table looks at each domain: what a cycle does is mostly counting references.
    final class Domain: Sendable {
        let stats: DomainStats
        let resource: Resource
        let description: DomainDescription
        let shape: DomainShape
        /// The figures of all its disks in one; nil where it has none.
        let disksTogether: DomainStats.Disk?

        init(stats: DomainStats, resource: Resource, description: DomainDescription) {
            self.stats = stats
            self.resource = resource
            self.description = description
            shape = DomainShape(stats, description)
            disksTogether = DiskMeters.sum(stats.disks)
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

    /// - Parameter place: where to look first: whoever goes through all of them has the same order.
    func domain(_ uuid: String, at place: Int) -> Domain? {
        if domains.indices.contains(place), domains[place].stats.uuid == uuid { return domains[place] }
        return indices[uuid].map { domains[$0] }
    }
}
