// SPDX-License-Identifier: Apache-2.0
public import Telemetry

/// What libvirt tells of one domain at one instant. nil is "not told", never zero.
public struct DomainStats: Sendable, Hashable {
    public struct VCPU: Sendable, Hashable {
        /// The virtual CPU's number in the domain, from 0; holes are possible.
        public var number: Int
        /// Time it ran, in nanoseconds.
        public var time: UInt64?
        /// Time it wanted to run and couldn't, in nanoseconds.
        public var wait: UInt64?

        public init(number: Int, time: UInt64? = nil, wait: UInt64? = nil) {
            self.number = number
            self.time = time
            self.wait = wait
        }
    }

    /// Lower-case text with dashes.
    public var uuid: String
    public var name: String
    public var state: DomainState
    /// When these figures were read. libvirtd reads a bulk of domains one after the other, so this is the domain's
    /// share of the way through the call, not the call's end.
    public var readAt: MonotonicTime
    /// CPU time spent since the domain started, in nanoseconds; nil while it is shut off.
    ///
    /// - Source: `cpu.time` of `virConnectGetAllDomainStats`, or `virDomainGetInfo` where the driver has no bulk.
    public var cpuTime: UInt64?
    /// Virtual CPUs in use; nil unless asked for (``StatsGroups/vcpuCount`` or ``StatsGroups/vcpu``).
    public var vcpuCount: Int?
    /// Those that told anything, by number; empty unless asked for (``StatsGroups/vcpu``).
    public var vcpus: [VCPU] = []

    public init(
        uuid: String, name: String, state: DomainState, readAt: MonotonicTime, cpuTime: UInt64? = nil,
        vcpuCount: Int? = nil, vcpus: [VCPU] = []
    ) {
        self.uuid = uuid
        self.name = name
        self.state = state
        self.readAt = readAt
        self.cpuTime = cpuTime
        self.vcpuCount = vcpuCount
        self.vcpus = vcpus
    }
}
