// SPDX-License-Identifier: Apache-2.0
public import Telemetry

/// What libvirt tells of one domain at one instant. nil is "not told", never zero; lists are empty unless asked for
/// by their ``StatsGroups``.
public struct DomainStats: Sendable, Hashable {
    /// Lower-case text with dashes.
    public var uuid: String
    public var name: String
    public var state: DomainState
    /// Whether it runs or is paused; false for one that is shut off, whatever figures of its last life remain.
    public var isActive: Bool
    /// It runs, was asked for what only its QEMU knows, and told nothing of that: its QEMU hangs, or was busy with
    /// somebody else just then. nil where it was not asked; always nil of drivers without bulk statistics.
    public var isMute: Bool?
    /// It was asked for devices' figures that the driver tells only of named devices, and nobody named any.
    public var devicesAreUnknown = false
    /// When these figures were read. libvirtd reads a bulk of domains one after the other, so this is the domain's
    /// share of the way through the call, not the call's end.
    public var readAt: MonotonicTime
    /// CPU time spent since the domain started, in nanoseconds.
    ///
    /// - Source: `cpu.time` of `virConnectGetAllDomainStats`, or `virDomainGetInfo` where the driver has no bulk.
    public var cpuTime: UInt64?
    /// Virtual CPUs in use (``StatsGroups/vcpuCount`` or ``StatsGroups/vcpu``).
    public var vcpuCount: Int?
    /// Those that told anything, by number.
    public var vcpus: [VCPU] = []
    public var memory = Memory()
    public var disks: [Disk] = []
    public var interfaces: [Interface] = []
    public var perf = Perf()

    public init(
        uuid: String, name: String, state: DomainState, isActive: Bool = true, readAt: MonotonicTime,
        cpuTime: UInt64? = nil, vcpuCount: Int? = nil, vcpus: [VCPU] = []
    ) {
        self.uuid = uuid
        self.name = name
        self.state = state
        self.isActive = isActive
        self.readAt = readAt
        self.cpuTime = cpuTime
        self.vcpuCount = vcpuCount
        self.vcpus = vcpus
    }
}
