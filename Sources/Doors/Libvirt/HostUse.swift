// SPDX-License-Identifier: Apache-2.0
public import Telemetry

/// What a hypervisor's host has done and what it holds, with all that runs on it.
public struct HostUse: Sendable, Hashable {
    /// Nanoseconds since the host was started, of all its processors together (`virNodeGetCPUStats`).
    public struct CPUTimes: Sendable, Hashable {
        /// Programs' and the kernel's own.
        public var busy: UInt64
        /// With nothing to do but to wait for disks. Linux knows this so roughly that it may go back.
        public var waiting: UInt64
        public var idle: UInt64

        public init(busy: UInt64, waiting: UInt64 = 0, idle: UInt64) {
            self.busy = busy
            self.waiting = waiting
            self.idle = idle
        }
    }

    /// KiB (`virNodeGetMemoryStats`).
    public struct Memory: Sendable, Hashable {
        public var total: UInt64
        /// What nobody holds, and what the kernel would give up for the asking: buffers and cached files.
        public var free: UInt64

        public init(total: UInt64, free: UInt64) {
            self.total = total
            self.free = free
        }
    }

    /// nil where the driver doesn't tell.
    public var cpu: CPUTimes?
    /// nil where the driver doesn't tell: the test driver has none.
    public var memory: Memory?
    public var readAt: MonotonicTime

    public init(cpu: CPUTimes?, memory: Memory?, readAt: MonotonicTime) {
        self.cpu = cpu
        self.memory = memory
        self.readAt = readAt
    }
}
