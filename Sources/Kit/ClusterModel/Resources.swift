// SPDX-License-Identifier: Apache-2.0

/// What instances take of a node: processors, memory in MiB, disk in GiB.
public struct Resources: Sendable, Hashable {
    public var vcpus: Int
    public var memory: Int
    public var disk: Int

    public init(vcpus: Int = 0, memory: Int = 0, disk: Int = 0) {
        self.vcpus = vcpus
        self.memory = memory
        self.disk = disk
    }

    public static func + (left: Resources, right: Resources) -> Resources {
        Resources(
            vcpus: left.vcpus + right.vcpus, memory: left.memory + right.memory, disk: left.disk + right.disk)
    }

    public static func - (left: Resources, right: Resources) -> Resources {
        Resources(
            vcpus: left.vcpus - right.vcpus, memory: left.memory - right.memory, disk: left.disk - right.disk)
    }
}

/// What a node can promise, or has left: fractions come from allocation ratios.
public struct Capacity: Sendable, Hashable {
    public var vcpus: Double
    /// MiB.
    public var memory: Double
    /// GiB.
    public var disk: Double

    public init(vcpus: Double, memory: Double, disk: Double) {
        self.vcpus = vcpus
        self.memory = memory
        self.disk = disk
    }

    public static func - (capacity: Capacity, used: Resources) -> Capacity {
        Capacity(
            vcpus: capacity.vcpus - Double(used.vcpus), memory: capacity.memory - Double(used.memory),
            disk: capacity.disk - Double(used.disk))
    }

    /// Whether all three suffice.
    public func holds(_ demand: Resources) -> Bool {
        vcpus >= Double(demand.vcpus) && memory >= Double(demand.memory) && disk >= Double(demand.disk)
    }
}
