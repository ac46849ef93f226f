// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// The CPU time a domain has used, and the share of its virtual CPUs that it used since the reading before.
struct CPUMeters {
    let source: ComputeSettings.CPUSource

    /// `cpu`, whose samples tell the number of virtual CPUs too.
    var counter: MeterTable {
        MeterTable(
            name: "cpu",
            rows: [.cumulative("cpu", "ns", groups) { [source] in Self.cpuTime($0.stats, source) }],
            subjectCount: { $0.stats.isActive ? 1 : 0 },
            resources: { instance, domain in
                [DomainDescription.cpu(of: instance, count: domain.stats.vcpuCount)]
            })
    }

    var utilisation: MeterTable {
        MeterTable(
            "cpu_util",
            [
                .change("cpu_util", "%", groups) { [source] now, before, seconds in
                    Self.utilisation(
                        growth(Self.cpuTime(now.stats, source), Self.cpuTime(before.stats, source)),
                        within: seconds, vcpus: now.stats.vcpuCount)
                },
                .gauge("vcpus", "vcpu", .vcpuCount) { $0.stats.vcpuCount.map { Volume($0) } },
            ])
    }

    private var groups: StatsGroups { source == .vcpu ? [.cpu, .vcpu] : [.cpu, .vcpuCount] }

    /// Nanoseconds; nil where libvirt tells none.
    static func cpuTime(_ stats: DomainStats, _ source: ComputeSettings.CPUSource) -> UInt64? {
        guard source == .vcpu, let count = stats.vcpuCount else { return stats.cpuTime }
        // As Ceilometer: only where each virtual CPU in use told both of its figures, else the domain's own.
        let told = stats.vcpus.compactMap { vcpu in
            if let time = vcpu.time, let wait = vcpu.wait { time &+ wait } else { nil }
        }
        return told.count == count ? told.reduce(0, &+) : stats.cpuTime
    }

    /// 0 to 100.
    ///
    /// - Parameter used: nanoseconds of CPU time; nil where the counter went back, since the domain was started anew.
    static func utilisation(_ used: Double?, within seconds: Double, vcpus: Int?) -> Double? {
        guard let used, let vcpus, vcpus > 0 else { return nil }
        return min(100, used / 1e7 / (seconds * Double(vcpus)))
    }
}
