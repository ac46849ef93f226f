// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What is told of a hypervisor's host itself, beside its instances: by our agents, and the processors' share by nova's
/// notifications as well.
struct HostReadings: Sendable {
    private static let cpu = "compute.node.cpu.percent"
    /// Only an agent tells it.
    private static let memory = "hardware.memory.used"

    /// `HOST_NODE`; where senders name the node otherwise, as the agent does.
    private(set) var resource: String
    private(set) var series: [Inventory.Series] = []
    /// The instant of the agent's newest sample, in microseconds since 1970; nil where it told none.
    private(set) var last: Int64?

    init(resource: String) { self.resource = resource }

    /// The name of the host that a series is of; nil where it is of something else.
    static func host(of words: SeriesWords) -> String? {
        guard words.meter.name == cpu || words.meter.name == memory else { return nil }
        let resource = words.resource
        // Host and node are the same as a rule. No host's name has a "_", but a setting may.
        let second = String(resource.suffix(resource.count / 2))
        if resource == "\(second)_\(second)" { return second }
        let name = resource.prefix { $0 != "_" }
        return name.isEmpty || name.endIndex == resource.endIndex ? nil : String(name)
    }

    mutating func add(_ new: Inventory.Series, at time: Int64) {
        series.append(new)
        guard new.meter.name == Self.memory else { return }
        (resource, last) = (new.resource, max(last ?? .min, time))
    }

    /// Of all processors, 0 to 100; nil where it is late.
    func cpuPercent(_ tails: [Int32: [Point]], now: Int64) -> Double? { value(Self.cpu, tails, now) }

    /// MiB, without what the kernel would give up for the asking; nil where it is late.
    func memory(_ tails: [Int32: [Point]], now: Int64) -> Double? { value(Self.memory, tails, now).map { $0 / 1024 } }

    /// Microseconds between the agent's samples, as a rule.
    func step(_ tails: [Int32: [Point]]) -> Int64? {
        series.filter { $0.meter.name == Self.memory }.compactMap { tails[$0.id].flatMap { Pace($0) }?.step }.min()
    }

    /// Of several senders, what came last.
    private func value(_ meter: String, _ tails: [Int32: [Point]], _ now: Int64) -> Double? {
        let newest = series.filter { $0.meter.name == meter }.compactMap { tails[$0.id] }
            .max { ($0.last?.time ?? .min) < ($1.last?.time ?? .min) }
        return newest.flatMap { InstanceFigures.value($0, of: .gauge, now) }
    }
}
