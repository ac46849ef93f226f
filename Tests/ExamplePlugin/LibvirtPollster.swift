// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// What Ceilometer's guide for authors has as its example: it polls libvirt, and takes no part where another kind of
/// virtualization is configured.
struct LibvirtPollster: Loadable, Pollster {
    private let echo: EchoPollster

    init(context: PluginContext) throws {
        let type = context.setting("libvirt_type", in: "DEFAULT") ?? "kvm"
        guard ["kvm", "qemu"].contains(type) else { throw PluginDisabled("polls kvm and qemu; configured is \(type)") }
        echo = try EchoPollster(context: context)
    }

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) throws -> [Sample] {
        try echo.poll(resources, meters: meters, in: cycle)
    }
}
