// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// Traffic of each network interface.
enum NetworkMeters {
    static let table = MeterTable(
        name: "network",
        rows: rows("incoming") { $0.interface.received } + rows("outgoing") { $0.interface.sent },
        subjectCount: { $0.stats.isActive ? $0.stats.interfaces.count : 0 },
        resources: { instance, domain in
            domain.stats.interfaces.map { domain.description.interface(of: instance, device: $0.name) }
        })

    private static func rows(
        _ way: String, _ traffic: @escaping @Sendable (MeterSubject) -> DomainStats.Traffic
    ) -> [MeterRow] {
        [
            .cumulative("network.\(way).bytes", "B", .interfaces) { traffic($0).bytes },
            .delta("network.\(way).bytes.delta", "B", .interfaces) { traffic($0).bytes },
            .rate("network.\(way).bytes.rate", "B/s", .interfaces) { traffic($0).bytes },
            .cumulative("network.\(way).packets", "packet", .interfaces) { traffic($0).packets },
            .rate("network.\(way).packets.rate", "packet/s", .interfaces) { traffic($0).packets },
            .cumulative("network.\(way).packets.error", "packet", .interfaces) { traffic($0).errors },
            .cumulative("network.\(way).packets.drop", "packet", .interfaces) { traffic($0).drops },
        ]
    }
}
