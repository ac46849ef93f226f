// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// `cpu`, the CPU time a domain has used, and `cpu_util`, the share of its virtual CPUs that it used since the
/// reading before.
actor CPUPollster: Pollster {
    static let cpu = Meter("cpu", .cumulative, unit: "ns")
    static let utilisation = Meter("cpu_util", .gauge, unit: "%", needsTwoReadings: true)
    static let meterNames: Set<String> = [cpu.name, utilisation.name]

    struct Reading: Sendable {
        var cpuTime: UInt64
        var at: MonotonicTime
    }

    private let reader: HypervisorReader
    private let source: ComputeSettings.CPUSource
    /// Of the poll before, by domain.
    private var last: [String: Reading] = [:]
    /// Metadata with `cpu_number`, by domain, and those they were made of: the same from poll to poll.
    private var extended: [String: (base: Metadata, vcpus: Int?, metadata: Metadata)] = [:]

    init(reader: HypervisorReader, source: ComputeSettings.CPUSource) {
        self.reader = reader
        self.source = source
    }

    /// What to ask libvirt for.
    static func groups(_ source: ComputeSettings.CPUSource) -> StatsGroups {
        source == .vcpu ? [.cpu, .vcpu] : [.cpu, .vcpuCount]
    }

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        let host = try await reader.reading(in: cycle)
        var samples: [Sample] = []
        samples.reserveCapacity(resources.count * meters.count)
        var current: [String: Reading] = [:]
        current.reserveCapacity(resources.count)
        for var resource in resources {
            guard let domain = host[resource.id], let time = Self.cpuTime(domain.stats, source) else { continue }
            let reading = Reading(cpuTime: time, at: domain.stats.readAt)
            current[resource.id] = reading
            let vcpus = domain.stats.vcpuCount
            if meters.contains(Self.utilisation.name), let vcpus, let before = last[resource.id],
                let percent = Self.utilisation(from: before, to: reading, vcpus: vcpus)
            {
                samples.append(Sample(Self.utilisation, .real(percent), of: resource, in: cycle, readAt: reading.at))
            }
            if meters.contains(Self.cpu.name) {
                resource.metadata = withCPUNumber(vcpus, resource)
                samples.append(Sample(Self.cpu, Volume(time), of: resource, in: cycle, readAt: reading.at))
            }
        }
        last = current
        if extended.count > current.count { extended = extended.filter { current[$0.key] != nil } }
        return samples
    }

    private func withCPUNumber(_ vcpus: Int?, _ resource: Resource) -> Metadata {
        if let known = extended[resource.id], known.vcpus == vcpus, known.base == resource.metadata {
            return known.metadata
        }
        var metadata = resource.metadata
        metadata["cpu_number"] = .init(vcpus)
        extended[resource.id] = (resource.metadata, vcpus, metadata)
        return metadata
    }

    /// Nanoseconds; nil where libvirt tells none, as for a domain that is shut off.
    static func cpuTime(_ stats: DomainStats, _ source: ComputeSettings.CPUSource) -> UInt64? {
        guard source == .vcpu, let count = stats.vcpuCount else { return stats.cpuTime }
        // As Ceilometer: only where each virtual CPU in use told both of its figures, else the domain's own.
        let told = stats.vcpus.compactMap { vcpu in
            if let time = vcpu.time, let wait = vcpu.wait { time &+ wait } else { nil }
        }
        return told.count == count ? told.reduce(0, &+) : stats.cpuTime
    }

    /// 0 to 100; nil where the counter went back (the domain was started anew) or no time has passed.
    static func utilisation(from before: Reading, to now: Reading, vcpus: Int) -> Double? {
        let seconds = now.at.seconds(since: before.at)
        guard now.cpuTime >= before.cpuTime, seconds > 0, vcpus > 0 else { return nil }
        return min(100, Double(now.cpuTime - before.cpuTime) / 1e7 / (seconds * Double(vcpus)))
    }
}
