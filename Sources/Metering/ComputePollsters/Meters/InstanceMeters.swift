// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// What there is of an instance whether it runs or not.
enum InstanceMeters {
    static let table = MeterTable(
        "instance", inactiveToo: true,
        [
            .gauge("instance", "instance", .state) { _ in 1 },
            .gauge("power.state", "", .state) { Volume($0.stats.state.rawValue) },
            .gauge("disk.root.size", "GiB", .state) { subject in
                subject.domain.description.nova.map { Volume($0.flavor.disk - $0.flavor.ephemeral) }
            },
            .gauge("disk.ephemeral.size", "GiB", .state) { subject in
                subject.domain.description.nova.map { Volume($0.flavor.ephemeral) }
            },
        ])
}
