// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// What an instance does just now, from the last samples of its own and of its disks and interfaces. A figure is nil
/// where no sample tells it or the last that did is late.
struct InstanceFigures: Sendable, Hashable {
    /// In percent of all its virtual CPUs: `cpu_util`, else what `cpu` grew by.
    var cpuUtil: Double?
    /// MiB: `memory.usage`, which the guest tells, else `memory.resident`, which the host knows.
    var memory: Double?
    /// Bytes per second, read and written.
    var disk: Double?
    /// Bytes per second, received and sent.
    var network: Double?

    private static let diskBytes = ["disk.device.read.bytes", "disk.device.write.bytes"]
    private static let networkBytes = ["network.incoming.bytes", "network.outgoing.bytes"]

    /// The meters that these are made of.
    static let meters = Set(
        ["cpu_util", "cpu", "memory.usage", "memory.resident"] + diskBytes + networkBytes
            + (diskBytes + networkBytes).map { $0 + ".rate" })

    /// - Parameters:
    ///   - tails: each series' last points.
    ///   - now: microseconds since 1970.
    init(_ series: [Inventory.Series], _ tails: [Int32: [Point]], vcpus: Double?, now: Int64) {
        var sums: [String: Double] = [:]
        for series in series where Self.meters.contains(series.meter.name) {
            guard let tail = tails[series.id], let value = Self.value(tail, of: series.meter.kind, now) else {
                continue
            }
            sums[series.meter.name, default: 0] += value
        }
        func sum(_ names: [String]) -> Double? {
            let found = names.compactMap { sums[$0] }
            return found.isEmpty ? nil : found.reduce(0, +)
        }
        cpuUtil = sums["cpu_util"] ?? vcpus.flatMap { vcpus in sums["cpu"].map { $0 / 1e7 / vcpus } }
        memory = sums["memory.usage"] ?? sums["memory.resident"]
        disk = sum(Self.diskBytes) ?? sum(Self.diskBytes.map { $0 + ".rate" })
        network = sum(Self.networkBytes) ?? sum(Self.networkBytes.map { $0 + ".rate" })
    }

    /// A gauge's newest value, or a counter's last step by the seconds it took; nil where it is late or the counter
    /// began anew.
    static func value(_ tail: [Point], of kind: Meter.Kind, _ now: Int64) -> Double? {
        guard let pace = Pace(tail), pace.late(at: now) == 0, let last = tail.last else { return nil }
        if kind == .gauge { return last.volume.doubleValue }
        guard let before = tail.dropLast().last(where: { $0.time < last.time }) else { return nil }
        if kind == .delta { return last.volume.doubleValue / (Double(last.time - before.time) / 1e6) }
        return Measures.rate(from: before, to: last)
    }
}
