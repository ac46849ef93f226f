// SPDX-License-Identifier: Apache-2.0

extension DomainStats {
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

    /// KiB, all of it. A guest without a balloon driver tells only what its host knows: `actual` and `resident`.
    public struct Memory: Sendable, Hashable {
        /// What the balloon leaves the guest.
        public var actual: UInt64?
        /// What the guest's system sees, a little less than `actual`.
        public var available: UInt64?
        /// Not used for anything, caches included.
        public var unused: UInt64?
        /// What could be had without swapping, caches given up.
        public var usable: UInt64?
        /// What the guest's process has in the host's memory.
        public var resident: UInt64?
        /// Read back from swap since the guest started.
        public var swapIn: UInt64?
        /// Written to swap since the guest started.
        public var swapOut: UInt64?

        public init() {}
    }

    /// One disk. Counters run from the domain's start.
    public struct Disk: Sendable, Hashable {
        /// Its target, such as `vda`.
        public var name: String
        public var readRequests: UInt64?
        /// Bytes.
        public var readBytes: UInt64?
        /// Nanoseconds, summed over requests.
        public var readTime: UInt64?
        public var writeRequests: UInt64?
        /// Bytes.
        public var writeBytes: UInt64?
        /// Nanoseconds, summed over requests.
        public var writeTime: UInt64?
        /// Bytes the guest sees.
        public var capacity: UInt64?
        /// Bytes up to the highest one written, of a disk in use.
        public var allocation: UInt64?
        /// Bytes the image takes in the host.
        public var physical: UInt64?

        public init(name: String) { self.name = name }
    }

    /// One network interface, as its guest sees it. Counters run from the interface's start.
    public struct Interface: Sendable, Hashable {
        /// The host's device, such as `tapdb514b6b-80`.
        public var name: String
        public var received = Traffic()
        public var sent = Traffic()

        public init(name: String) { self.name = name }
    }

    public struct Traffic: Sendable, Hashable {
        public var bytes: UInt64?
        public var packets: UInt64?
        public var errors: UInt64?
        public var drops: UInt64?

        public init() {}
    }

    /// Counts of the processor's events since they were enabled.
    public struct Perf: Sendable, Hashable {
        public var cpuCycles: UInt64?
        public var instructions: UInt64?
        public var cacheReferences: UInt64?
        public var cacheMisses: UInt64?

        public init() {}
    }
}
