// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// What the host itself does, with all that runs on it: strategies weigh hosts by it.
///
/// `compute.node.cpu.percent` as nova has it, the share of the time in which a processor was not idle (waiting for disks
/// is not), and `hardware.memory.used`, without what the kernel would give up for the asking.
actor HostPollster: Pollster {
    static let cpu = Meter("compute.node.cpu.percent", .gauge, unit: "%", needsTwoReadings: true)
    static let memory = Meter("hardware.memory.used", .gauge, unit: "KB")

    private let reader: HypervisorReader
    private let host: LocalHypervisor
    private var before: HostUse.CPUTimes?

    init(reader: HypervisorReader, host: LocalHypervisor) {
        self.reader = reader
        self.host = host
    }

    /// - Parameter resources: of which the host is the only one that this is about, whatever a source names.
    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        guard let resource = resources.first(where: { $0.id == host.resource.id }) else { return [] }
        guard let use = try await reader.hostUse(in: cycle) else { return [] }
        defer { before = use.cpu }
        let values = [
            (Self.cpu, Self.percent(use.cpu, since: before).map { Volume.real($0) }),
            (Self.memory, use.memory.map { Volume($0.total - $0.free) }),
        ]
        return values.compactMap { meter, value in
            guard meters.contains(meter.name), let value else { return nil }
            return Sample(meter, value, of: resource, in: cycle, readAt: use.readAt)
        }
    }

    /// 0 to 100; nil where nothing is known of both, no time has passed, or the host was started anew.
    static func percent(_ now: HostUse.CPUTimes?, since before: HostUse.CPUTimes?) -> Double? {
        guard let now, let before, let busy = growth(now.busy, before.busy) else { return nil }
        let used = busy + (growth(now.waiting, before.waiting) ?? 0)
        let all = used + (growth(now.idle, before.idle) ?? 0)
        return all > 0 ? used / all * 100 : nil
    }
}
