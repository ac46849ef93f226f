// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// All domains of this host at one time: their figures and what they are.
struct HostReading: Sendable {
    struct Domain: Sendable {
        var stats: DomainStats
        var resource: Resource
    }

    /// In libvirt's order.
    var domains: [Domain]
    private var indices: [String: Int]

    init(_ domains: [Domain]) {
        self.domains = domains
        indices = Dictionary(domains.indices.map { (domains[$0].stats.uuid, $0) }) { first, _ in first }
    }

    subscript(uuid: String) -> Domain? { indices[uuid].map { domains[$0] } }
}
