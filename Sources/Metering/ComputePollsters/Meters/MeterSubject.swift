// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// What a value is made of: a domain as it was read once, or a device of it.
struct MeterSubject: Sendable {
    let domain: HostReading.Domain
    /// The device's place among the domain's disks or interfaces; 0 where the domain itself is meant.
    let device: Int

    init(_ domain: HostReading.Domain, device: Int = 0) {
        self.domain = domain
        self.device = device
    }

    var stats: DomainStats { domain.stats }
    var disk: DomainStats.Disk { domain.stats.disks[device] }
    /// All of the domain's disks together; nil where it has none.
    var disks: DomainStats.Disk? { domain.disksTogether }
    var interface: DomainStats.Interface { domain.stats.interfaces[device] }
    var readAt: MonotonicTime { domain.stats.readAt }
}
