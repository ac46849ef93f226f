// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// The statistics to ask for. Each group costs libvirtd time of its own for every domain, so name only what is used.
public struct StatsGroups: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The domain's state; costs nothing to speak of.
    public static let state = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_STATE.rawValue))
    /// CPU time of the whole domain.
    public static let cpu = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_CPU_TOTAL.rawValue))
    /// Time and wait of each virtual CPU; asks the guest's QEMU.
    public static let vcpu = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_VCPU.rawValue))
    /// What the guest has of memory; asks the guest's QEMU.
    public static let memory = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_BALLOON.rawValue))
    /// Traffic of each network interface.
    public static let interfaces = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_INTERFACE.rawValue))
    /// Traffic and size of each disk; asks the guest's QEMU, and is the dearest group.
    public static let disks = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_BLOCK.rawValue))
    /// The processor's event counters, as far as the domain has any enabled.
    public static let perf = StatsGroups(rawValue: UInt32(VIR_DOMAIN_STATS_PERF.rawValue))
    /// The number of virtual CPUs alone. No group of libvirt's: one cheap call for each active domain, without
    /// asking its QEMU.
    public static let vcpuCount = StatsGroups(rawValue: 1 << 31)

    /// What libvirt itself knows as groups.
    var bulk: StatsGroups { subtracting(.vcpuCount) }
}
