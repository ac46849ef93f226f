// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// What the guest has of memory. A guest without a balloon driver tells only `memory` and `memory.resident`.
enum MemoryMeters {
    static let table = MeterTable(
        "memory",
        [
            .gauge("memory", "MiB", .memory) { mebibytes($0.stats.memory.actual) },
            .gauge("memory.available", "MiB", .memory) { mebibytes($0.stats.memory.available) },
            .gauge("memory.usage", "MiB", .memory) { mebibytes(used($0.stats.memory)) },
            .gauge("memory.resident", "MiB", .memory) { mebibytes($0.stats.memory.resident) },
            swap("memory.swap.in") { $0.swapIn },
            swap("memory.swap.out") { $0.swapOut },
        ])

    /// What can't be had without swapping; in guests too old to tell that, all that isn't free.
    static func used(_ memory: DomainStats.Memory) -> UInt64? {
        guard let available = memory.available, let rest = memory.usable ?? memory.unused, rest <= available else {
            return nil
        }
        return available - rest
    }

    /// libvirt counts in KiB.
    private static func mebibytes(_ kibibytes: UInt64?) -> Volume? { kibibytes.map { .real(Double($0) / 1024) } }

    /// Cumulative though not whole numbers; only where the guest tells both ways.
    private static func swap(
        _ name: String, _ way: @escaping @Sendable (DomainStats.Memory) -> UInt64?
    ) -> MeterRow {
        MeterRow(Meter(name, .cumulative, unit: "MiB"), .memory) { now, _ in
            let memory = now.stats.memory
            return memory.swapIn == nil || memory.swapOut == nil ? nil : mebibytes(way(memory))
        }
    }
}
