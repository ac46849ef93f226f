// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
internal import Libvirt
internal import Logging
internal import Telemetry

/// Reads the hypervisor once for each cycle, whoever asks and however often: shares of its domains side by side, each
/// with its own deadline, so that what hangs costs its share of one try.
actor HypervisorReader {
    private let hypervisor: Hypervisor
    private let changes: DomainChanges
    private let settings: ComputeSettings
    private let groupsOfMeters: [String: StatsGroups]
    private let shares: [DomainShare]
    /// Whether a hypervisor that doesn't answer is tried again within the cycle.
    private let isPatient: Bool
    private let log: Logger
    private let faults: FaultLog
    private var cache: DescriptionCache
    private var vcpuCounts = VCPUCounts()
    private var mute = MuteDomains()
    private var paces = ReadingPaces()
    /// By cycle. Two are kept: cycles of different intervals can run at the same time, more of them seldom do, and
    /// would read again.
    private let readings = SharedReads<UInt64, HostReading>(capacity: 2)

    /// - Parameter groupsOfMeters: what each meter needs of libvirt.
    init(settings: ComputeSettings, groupsOfMeters: [String: StatsGroups], isPatient: Bool, log: Logger) {
        let changes = DomainChanges()
        self.changes = changes
        self.settings = settings
        self.groupsOfMeters = groupsOfMeters
        self.isPatient = isPatient
        self.log = log
        faults = FaultLog(log: log)
        shares = (0..<settings.lanes).map { DomainShare($0, of: settings.lanes) }
        cache = DescriptionCache(host: settings.host)
        hypervisor = Hypervisor(uri: settings.uri) { changes.note($0) }
    }

    func reading(in cycle: PollingCycle) async throws -> HostReading {
        try await readings.value(for: cycle.number) { try await self.read(cycle) }
    }

    /// What the host does, by a call of its own: a guest that hangs keeps it from nobody.
    ///
    /// - Returns: nil where the domains that the cycle is about can't be read either: that is told of them, once.
    func hostUse(in cycle: PollingCycle) async throws -> HostUse? {
        let use = await patiently(nil, cycle) { limit throws(LibvirtError) in
            try await self.hypervisor.hostUse(until: limit)
        }
        if use.error != nil, cycle.meters.contains(where: { groupsOfMeters[$0] != nil }) {
            guard (try? await reading(in: cycle)) != nil else { return nil }
        }
        return try use.get()
    }

    private func read(_ cycle: PollingCycle) async throws -> HostReading {
        var groups = cycle.meters.reduce(into: StatsGroups.state) { $0.formUnion(groupsOfMeters[$1] ?? []) }
        if !vcpuCounts.areDue { groups.remove(.vcpuCount) }
        let started = MonotonicTime.now
        let (stats, errors) = await readShares(groups, cycle)
        await record(stats, errors, seconds: MonotonicTime.now.seconds(since: started))
        if errors.count == shares.count, let error = errors.first { throw error }
        note(errors, cycle)
        return host(stats, groups, isComplete: errors.isEmpty)
    }

    private func readShares(
        _ groups: StatsGroups, _ cycle: PollingCycle
    ) async -> (stats: [DomainStats], errors: [LibvirtError]) {
        let (own, others) = (shares[0], shares.dropFirst())
        return await withTaskGroup(of: Result<[DomainStats], LibvirtError>.self) { tasks in
            for share in others { tasks.addTask { await self.read(share, groups, cycle) } }
            // The first in this task itself: often it is the only one.
            var stats: [DomainStats] = []
            var errors: [LibvirtError] = []
            func take(_ part: Result<[DomainStats], LibvirtError>) {
                switch part {
                case .success(let part): stats += part
                case .failure(let error): errors.append(error)
                }
            }
            take(await read(own, groups, cycle))
            for await part in tasks { take(part) }
            return (stats, errors)
        }
    }

    private func read(
        _ share: DomainShare, _ groups: StatsGroups, _ cycle: PollingCycle
    ) async -> Result<[DomainStats], LibvirtError> {
        await patiently(share, cycle) { limit throws(LibvirtError) in
            try await self.readOnce(share, groups, until: limit)
        }
    }

    /// Tries again until the cycle's time is up: libvirtd may be starting anew, which takes a pause; and of a guest
    /// whose QEMU hangs only the first call ever waits, the next one leaves its figures out.
    ///
    /// - Parameters:
    ///   - share: what is read; nil for the host itself.
    ///   - attempt: is told how long it may take.
    private func patiently<Value: Sendable>(
        _ share: DomainShare?, _ cycle: PollingCycle,
        _ attempt: @Sendable (MonotonicTime) async throws(LibvirtError) -> Value
    ) async -> Result<Value, LibvirtError> {
        var pause = 1.0
        while true {
            let started = MonotonicTime.now
            let limit = paces.patience(with: share, until: cycle.deadline, most: settings.hypervisorTimeout)
            do throws(LibvirtError) {
                let value = try await attempt(limit)
                paces.note(MonotonicTime.now.seconds(since: started), of: share)
                return .success(value)
            } catch {
                let isLate = error.reason == .deadline
                if isLate { paces.forget(share) }
                let next = MonotonicTime.now + .seconds(isLate ? 0.1 : pause)
                guard isPatient, error.reason != .cancelled, next < cycle.deadline else { return .failure(error) }
                log.debug("reading the hypervisor again", metadata: ["after": "\(error)"])
                // Cancelled: the next try ends at once too.
                try? await Task.sleep(for: .seconds(next.seconds(since: .now)))
                if !isLate { pause = min(15, pause * 2) }
            }
        }
    }

    private func readOnce(
        _ share: DomainShare, _ groups: StatsGroups, until deadline: MonotonicTime
    ) async throws(LibvirtError) -> [DomainStats] {
        var stats = try await hypervisor.statistics(groups, of: share, devices: cache.devices, until: deadline)
        try await askMuteOnesAgain(&stats, share, groups, until: deadline)
        cache.expire(changes.take())
        let missing = cache.missing(among: stats, at: .now)
        guard !missing.isEmpty else { return stats }
        var texts = try await hypervisor.descriptions(ofDomains: missing, on: share, until: deadline)
        let gone = texts.filter { $0.value.error?.isNoDomain == true }
        for uuid in gone.keys { texts[uuid] = nil }
        stats.removeAll { gone[$0.uuid] != nil }
        cache.take(texts, of: stats, at: .now, log: log)
        // Time ran out with one of them, and others were not asked about; those that nobody knows wait for the next
        // try rather than go out without their owners.
        if stats.contains(where: { cache[$0.uuid] == nil }), let error = texts.values.compactMap(\.error).first {
            throw error
        }
        // A driver without bulk statistics told nothing of devices that nobody could name before.
        guard stats.contains(where: { $0.devicesAreUnknown }) else { return stats }
        return try await hypervisor.statistics(groups, of: share, devices: cache.devices, until: deadline)
    }

    /// A QEMU that was just busy with somebody else is asked once more; one that was mute in the last cycle hangs,
    /// and holds nobody up.
    private func askMuteOnesAgain(
        _ stats: inout [DomainStats], _ share: DomainShare, _ groups: StatsGroups, until deadline: MonotonicTime
    ) async throws(LibvirtError) {
        for pause in [0.1, 0.5] {
            let busy = Set(stats.filter { $0.isMute == true && !mute.uuids.contains($0.uuid) }.map(\.uuid))
            guard !busy.isEmpty, .now + .seconds(pause) < deadline else { return }
            try? await Task.sleep(for: .seconds(pause))  // cancelled: the call ends at once too
            let again = try await hypervisor.statistics(groups, of: share, only: busy, until: deadline)
            for answer in again {
                if let index = stats.firstIndex(where: { $0.uuid == answer.uuid }) { stats[index] = answer }
            }
        }
    }

    private func host(_ stats: [DomainStats], _ groups: StatsGroups, isComplete: Bool) -> HostReading {
        mute.note(stats, isComplete: isComplete, log: log)
        if isComplete { cache.keep(Set(stats.map(\.uuid))) }
        if groups.contains(.vcpuCount) { vcpuCounts.take(stats, isComplete: isComplete) }
        let domains = stats.map { stats in
            var stats = stats
            stats.vcpuCount = stats.vcpuCount ?? vcpuCounts[stats.uuid] ?? cache[stats.uuid]?.vcpus
            return cache.domain(stats)
        }
        return HostReading(domains, isComplete: isComplete)
    }

    private func record(_ stats: [DomainStats], _ errors: [LibvirtError], seconds: Double) async {
        CoreMetrics.Timer(label: "libvirt_read_seconds").recordNanoseconds(Int64(seconds * 1e9))
        Counter(label: "libvirt_parts_missed_total").increment(by: errors.count)
        let hanging = await hypervisor.hangingCallCount
        let lanes = await hypervisor.openedLaneCount
        for (label, value) in [
            ("libvirt_domains", stats.count), ("libvirt_mute_domains", stats.count { $0.isMute == true }),
            ("libvirt_hanging_calls", hanging), ("libvirt_lanes_opened", lanes),
        ] {
            CoreMetrics.Meter(label: label).set(value)
        }
    }

    private func note(_ errors: [LibvirtError], _ cycle: PollingCycle) {
        // Cut short by our own end, nothing has failed.
        if Task.isCancelled { return }
        faults.note("reading a part of the domains", errors.first)
    }
}

extension Result where Failure == LibvirtError {
    fileprivate var error: LibvirtError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
