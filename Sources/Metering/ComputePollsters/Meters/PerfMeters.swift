// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The processor's event counters, of domains that have them enabled (`virsh perf --enable`).
enum PerfMeters {
    static let table = MeterTable(
        "perf",
        [
            .gauge("perf.cpu.cycles", "", .perf) { $0.stats.perf.cpuCycles.map { Volume($0) } },
            .gauge("perf.instructions", "", .perf) { $0.stats.perf.instructions.map { Volume($0) } },
            .gauge("perf.cache.references", "", .perf) { $0.stats.perf.cacheReferences.map { Volume($0) } },
            .gauge("perf.cache.misses", "", .perf) { $0.stats.perf.cacheMisses.map { Volume($0) } },
        ])
}
