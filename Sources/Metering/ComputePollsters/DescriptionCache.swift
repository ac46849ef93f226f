// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Logging
internal import Telemetry
internal import XMLTree

/// The descriptions of all domains, read when a domain is new or an event says that it changed, and again from time
/// to time in case an event went astray.
struct DescriptionCache {
    /// A class: a look-up copies nothing of what stands here.
    private final class Entry {
        let description: DomainDescription
        /// Made of it for a state, and kept while the domain stays in that state: making it costs more than all else
        /// that a cycle does for a domain.
        var resource: (state: DomainState, resource: Resource)?
        let expires: MonotonicTime
        /// False for one that stands in for a description that could not be read.
        let isRead: Bool

        init(_ description: DomainDescription, expires: MonotonicTime, isRead: Bool) {
            self.description = description
            self.expires = expires
            self.isRead = isRead
        }
    }

    /// Seconds. Each entry lives between half and all of it, so that they don't all end in one cycle.
    private static let lifetime = 600.0

    /// `[DEFAULT] host`.
    private let host: String
    private var entries: [String: Entry] = [:]

    init(host: String) { self.host = host }

    /// Forgets those that changed and those of domains that are gone.
    mutating func apply(_ changes: DomainChanges.Pending, present: Set<String>) {
        if changes.all {
            entries = [:]
        } else {
            for uuid in changes.uuids { entries[uuid] = nil }
        }
        if entries.count > present.count { entries = entries.filter { present.contains($0.key) } }
    }

    /// The domains whose descriptions have to be read now.
    func missing(among domains: [DomainStats], at now: MonotonicTime) -> [String] {
        domains.compactMap { stats in
            guard let entry = entries[stats.uuid], entry.isRead, entry.expires > now else { return stats.uuid }
            return nil
        }
    }

    /// Takes what was read. A domain that can't be described keeps what was known of it, or goes by its name alone;
    /// that is said once.
    mutating func take(
        _ texts: [String: Result<String, LibvirtError>], of domains: [DomainStats], at now: MonotonicTime, log: Logger
    ) {
        let names = Dictionary(domains.map { ($0.uuid, $0.name) }) { first, _ in first }
        for (uuid, text) in texts {
            do {
                let description = try DomainDescription(uuid: uuid, xml: try text.get())
                let life = Double.random(in: 0.5...1) * Self.lifetime
                entries[uuid] = Entry(description, expires: now + .seconds(life), isRead: true)
            } catch {
                let known = entries[uuid]
                if known?.isRead != false {
                    log.warning(
                        "a domain can't be described; its samples lack what is not known",
                        metadata: ["domain": "\(uuid)", "error": "\(error)"])
                }
                entries[uuid] = Entry(
                    known?.description ?? DomainDescription(uuid: uuid, domainName: names[uuid] ?? ""), expires: now,
                    isRead: false)
            }
        }
    }

    subscript(uuid: String) -> DomainDescription? { entries[uuid]?.description }

    /// The domain as a resource in the state that it is in.
    mutating func resource(of stats: DomainStats) -> Resource {
        if let known = entries[stats.uuid]?.resource, known.state == stats.state { return known.resource }
        let description = self[stats.uuid] ?? DomainDescription(uuid: stats.uuid, domainName: stats.name)
        let resource = description.resource(host: host, state: stats.state)
        entries[stats.uuid]?.resource = (stats.state, resource)
        return resource
    }
}
