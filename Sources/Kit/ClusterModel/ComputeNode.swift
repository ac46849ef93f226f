// SPDX-License-Identifier: Apache-2.0

/// A host that runs instances.
public struct ComputeNode: ModelElement {
    public var uuid: String
    /// The host of its compute service, by which actions name it.
    public var hostname: String?
    public var status: ServiceState = .enabled
    /// Why an operator or a strategy disabled it.
    public var disabledReason: Nullable = .unset
    public var state: ServiceState = .up
    /// MiB.
    public var memory: Int?
    /// MiB kept for the host itself.
    public var memoryReserved: Int?
    /// GiB.
    public var disk: Int?
    /// GiB kept for the host itself.
    public var diskReserved: Int?
    /// Processors that instances may be given, before over-commitment.
    public var vcpus: Int?
    public var vcpusReserved: Int?
    /// How many times over each may be promised (Placement's `allocation_ratio`).
    public var memoryRatio: Double?
    public var vcpuRatio: Double?
    public var diskRatio: Double?

    public init(uuid: String) { self.uuid = uuid }

    public var key: String { uuid }
    public init(key: String) { self.init(uuid: key) }

    /// Lives and may work.
    public var isAvailable: Bool { state == .up && status == .enabled }

    /// What instances may be promised: what isn't reserved, times the ratio. Nothing is taken as reserved, and a
    /// ratio as 1, where the source has not told.
    public var capacity: Capacity {
        Capacity(
            vcpus: Double((vcpus ?? 0) - (vcpusReserved ?? 0)) * (vcpuRatio ?? 1),
            memory: Double((memory ?? 0) - (memoryReserved ?? 0)) * (memoryRatio ?? 1),
            disk: Double((disk ?? 0) - (diskReserved ?? 0)) * (diskRatio ?? 1))
    }

    public static let fields: [ElementField<ComputeNode>] = [
        .text("hostname", \.hostname),
        .word("status", \.status),
        .nullable("disabled_reason", \.disabledReason),
        .word("state", \.state),
        .integer("memory", \.memory),
        .integer("memory_mb_reserved", \.memoryReserved),
        .integer("disk", \.disk),
        .integer("disk_gb_reserved", \.diskReserved),
        .integer("vcpus", \.vcpus),
        .integer("vcpu_reserved", \.vcpusReserved),
        .number("memory_ratio", \.memoryRatio),
        .number("vcpu_ratio", \.vcpuRatio),
        .number("disk_ratio", \.diskRatio),
        .text("uuid", \.uuid),
    ]
}
