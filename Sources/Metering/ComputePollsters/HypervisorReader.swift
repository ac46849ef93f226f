// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Logging
internal import Telemetry

/// Reads the hypervisor once for each cycle, whoever asks and however often.
actor HypervisorReader {
    /// Virtual CPUs are plugged without an event. Their count is asked for at most this often, a call a domain.
    private static let vcpuCountLifetime = 60.0

    private let hypervisor: Hypervisor
    private let changes: DomainChanges
    private let settings: ComputeSettings
    /// Whether a hypervisor that doesn't answer is tried again within the cycle.
    private let isPatient: Bool
    private let log: Logger
    private var cache: DescriptionCache
    private var vcpuCounts: [String: Int] = [:]
    private var vcpuCountsReadAt: MonotonicTime?
    /// By cycle.
    private let readings = SharedReads<UInt64, HostReading>()

    init(settings: ComputeSettings, isPatient: Bool, log: Logger) {
        let changes = DomainChanges()
        self.changes = changes
        self.settings = settings
        self.isPatient = isPatient
        self.log = log
        cache = DescriptionCache(host: settings.host)
        hypervisor = Hypervisor(uri: settings.uri) { changes.note($0) }
    }

    func reading(in cycle: PollingCycle) async throws -> HostReading {
        try await readings.value(for: cycle.number) { try await self.read(cycle) }
    }

    /// Tries again until the cycle's time is up: libvirtd may be starting anew; and of a guest whose QEMU hangs only
    /// the first call ever waits, the next one leaves its figures out.
    private func read(_ cycle: PollingCycle) async throws -> HostReading {
        var pause = 1.0
        while true {
            // Half of the time at most, so that there is a second try; but no less than a slow read may need.
            let share = max(4, cycle.deadline.seconds(since: .now) / 2)
            let limit = min(.seconds(share), settings.hypervisorTimeout)
            do throws(LibvirtError) {
                return try await readOnce(cycle, until: min(cycle.deadline, .now + limit))
            } catch {
                let isWorthwhile = isPatient && error.reason != .cancelled
                guard isWorthwhile, MonotonicTime.now + .seconds(pause) < cycle.deadline else { throw error }
                log.debug("reading the hypervisor again", metadata: ["after": "\(error)"])
                try await Task.sleep(for: .seconds(pause))
                pause = min(15, pause * 2)
            }
        }
    }

    private func readOnce(
        _ cycle: PollingCycle, until deadline: MonotonicTime
    ) async throws(LibvirtError) -> HostReading {
        var groups: StatsGroups = [.state]
        if !cycle.meters.isDisjoint(with: CPUPollster.meterNames) {
            groups.formUnion(CPUPollster.groups(settings.cpuSource))
            let age = vcpuCountsReadAt.map { MonotonicTime.now.seconds(since: $0) } ?? .infinity
            if age < Self.vcpuCountLifetime { groups.remove(.vcpuCount) }
        }
        var stats = try await hypervisor.statistics(groups, until: deadline)
        keepVCPUCounts(&stats, areFresh: groups.contains(.vcpuCount))

        cache.apply(changes.take(), present: Set(stats.map(\.uuid)))
        let missing = cache.missing(among: stats, at: .now)
        if !missing.isEmpty {
            let texts = try await hypervisor.descriptions(ofDomains: missing, until: deadline)
            cache.take(texts, of: stats, at: .now, log: log)
        }
        for index in stats.indices where stats[index].vcpuCount == nil {
            stats[index].vcpuCount = cache[stats[index].uuid]?.vcpus
        }
        return HostReading(stats.map { HostReading.Domain(stats: $0, resource: cache.resource(of: $0)) })
    }

    private func keepVCPUCounts(_ stats: inout [DomainStats], areFresh: Bool) {
        if areFresh {
            vcpuCounts = [:]
            for stats in stats { vcpuCounts[stats.uuid] = stats.vcpuCount }
            vcpuCountsReadAt = .now
        }
        for index in stats.indices where stats[index].vcpuCount == nil {
            stats[index].vcpuCount = vcpuCounts[stats[index].uuid]
        }
    }
}
