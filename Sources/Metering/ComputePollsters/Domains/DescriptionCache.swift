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
        var expires: MonotonicTime
        /// How often in a row it could not be read; 0 for one that was.
        let failures: Int

        init(_ description: DomainDescription, expires: MonotonicTime, failures: Int = 0) {
            self.description = description
            self.expires = expires
            self.failures = failures
        }
    }

    /// Seconds. Each entry lives between half and all of it, so that they don't all end in one cycle.
    private static let lifetime = 600.0
    /// Seconds until a description that could not be read is tried again; doubled each time, up to the lifetime.
    private static let firstRetry = 10.0

    /// `[DEFAULT] host`.
    private let host: String
    private var entries: [String: Entry] = [:]
    /// The devices of all domains that are known, for drivers that want them named.
    private(set) var devices: [String: DomainDevices] = [:]

    init(host: String) { self.host = host }

    subscript(uuid: String) -> DomainDescription? { entries[uuid]?.description }

    /// What changed is to be read again.
    mutating func expire(_ changes: DomainChanges.Pending) {
        if changes.all {
            for entry in entries.values { entry.expires = MonotonicTime(nanoseconds: 0) }
        } else {
            for uuid in changes.uuids { entries[uuid]?.expires = MonotonicTime(nanoseconds: 0) }
        }
    }

    /// Forgets the domains that are gone.
    mutating func keep(_ present: Set<String>) {
        guard entries.count > present.count else { return }
        entries = entries.filter { present.contains($0.key) }
        devices = devices.filter { present.contains($0.key) }
    }

    /// The domains whose descriptions have to be read now.
    func missing(among domains: [DomainStats], at now: MonotonicTime) -> [String] {
        domains.compactMap { stats in
            guard let entry = entries[stats.uuid], entry.expires > now else { return stats.uuid }
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
            let known = entries[uuid]
            do {
                let description = try DomainDescription(uuid: uuid, xml: try text.get())
                let life = Double.random(in: 0.5...1) * Self.lifetime
                entries[uuid] = Entry(description, expires: now + .seconds(life))
                if let known, known.failures > 0 {
                    log.notice("a domain can be described again", metadata: ["domain": "\(uuid)"])
                }
            } catch {
                let failures = (known?.failures ?? 0) + 1
                if failures == 1 {
                    log.warning(
                        "a domain can't be described; its samples lack what is not known",
                        metadata: ["domain": "\(uuid)", "error": "\(error)"])
                }
                let pause = min(Self.lifetime, Self.firstRetry * Double(1 << min(failures - 1, 10)))
                entries[uuid] = Entry(
                    known?.description ?? DomainDescription(uuid: uuid, domainName: names[uuid] ?? ""),
                    expires: now + .seconds(pause), failures: failures)
            }
            let description = self[uuid]
            devices[uuid] = DomainDevices(
                disks: description?.disks ?? [], interfaces: description?.interfaces?.map(\.device) ?? [])
        }
    }

    /// The domain with what is known of it: as a resource in the state that it is in, and without drives that hold
    /// no medium.
    func domain(_ stats: DomainStats) -> HostReading.Domain {
        let entry = entries[stats.uuid]
        let description = entry?.description ?? DomainDescription(uuid: stats.uuid, domainName: stats.name)
        var stats = stats
        if let disks = description.disks, stats.disks.contains(where: { !disks.contains($0.name) }) {
            stats.disks.removeAll { !disks.contains($0.name) }
        }
        if let known = entry?.resource, known.state == stats.state {
            return HostReading.Domain(stats: stats, resource: known.resource, description: description)
        }
        let resource = description.resource(host: host, state: stats.state)
        entry?.resource = (stats.state, resource)
        return HostReading.Domain(stats: stats, resource: resource, description: description)
    }
}
