// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Telemetry

/// Traffic and size of disks: of each, and of all of a domain's together, as Ceilometer had it in its early years.
enum DiskMeters {
    typealias Disk = DomainStats.Disk

    static let ofEach = MeterTable(
        name: "disk.device",
        rows: rows("disk.device") { $0.disk } + [
            .cumulative("disk.device.read.latency", "ns", .disks) { $0.disk.readTime },
            .cumulative("disk.device.write.latency", "ns", .disks) { $0.disk.writeTime },
        ],
        subjectCount: { $0.stats.isActive ? $0.stats.disks.count : 0 },
        resources: { instance, domain in
            domain.stats.disks.map { DomainDescription.disk(of: instance, named: $0.name) }
        })

    static let together = MeterTable(
        name: "disk",
        rows: rows("disk") { $0.disks },
        subjectCount: { $0.stats.isActive && !$0.stats.disks.isEmpty ? 1 : 0 },
        resources: { instance, domain in
            [DomainDescription.disks(of: instance, named: domain.stats.disks.map(\.name))]
        })

    private static func rows(
        _ prefix: String, _ disk: @escaping @Sendable (MeterSubject) -> Disk?
    ) -> [MeterRow] {
        [
            .cumulative("\(prefix).read.requests", "request", .disks) { disk($0)?.readRequests },
            .cumulative("\(prefix).read.bytes", "B", .disks) { disk($0)?.readBytes },
            .cumulative("\(prefix).write.requests", "request", .disks) { disk($0)?.writeRequests },
            .cumulative("\(prefix).write.bytes", "B", .disks) { disk($0)?.writeBytes },
            .rate("\(prefix).read.requests.rate", "request/s", .disks) { disk($0)?.readRequests },
            .rate("\(prefix).read.bytes.rate", "B/s", .disks) { disk($0)?.readBytes },
            .rate("\(prefix).write.requests.rate", "request/s", .disks) { disk($0)?.writeRequests },
            .rate("\(prefix).write.bytes.rate", "B/s", .disks) { disk($0)?.writeBytes },
            .rate("\(prefix).iops", "count/s", .disks) { disk($0).flatMap(requests) },
            .change("\(prefix).latency", "ms", .disks) { now, before, _ in latency(disk(now), disk(before)) },
            .gauge("\(prefix).capacity", "B", .disks) { disk($0).flatMap(capacity).map { Volume($0) } },
            .gauge("\(prefix).allocation", "B", .disks) { disk($0)?.allocation.map { Volume($0) } },
            .gauge("\(prefix).usage", "B", .disks) { disk($0)?.physical.map { Volume($0) } },
        ]
    }

    /// Milliseconds that a request took on the average between two readings; nothing where there was none.
    static func latency(_ now: Disk?, _ before: Disk?) -> Double? {
        guard let now, let before, let requests = growth(requests(now), requests(before)), requests > 0 else {
            return nil
        }
        return growth(plus(now.readTime, now.writeTime), plus(before.readTime, before.writeTime))
            .map { $0 / requests / 1e6 }
    }

    private static func requests(_ disk: Disk) -> UInt64? { plus(disk.readRequests, disk.writeRequests) }

    /// As Ceilometer: an image can take more room than its guest sees.
    private static func capacity(_ disk: Disk) -> UInt64? { disk.capacity.map { max($0, disk.physical ?? 0) } }

    /// A figure that some disk does not tell is not told of all.
    static func sum(_ disks: [Disk]) -> Disk? {
        guard var sum = disks.first else { return nil }
        for disk in disks.dropFirst() {
            sum.readRequests = plus(sum.readRequests, disk.readRequests)
            sum.readBytes = plus(sum.readBytes, disk.readBytes)
            sum.readTime = plus(sum.readTime, disk.readTime)
            sum.writeRequests = plus(sum.writeRequests, disk.writeRequests)
            sum.writeBytes = plus(sum.writeBytes, disk.writeBytes)
            sum.writeTime = plus(sum.writeTime, disk.writeTime)
            sum.capacity = plus(capacity(sum), capacity(disk))
            sum.allocation = plus(sum.allocation, disk.allocation)
            sum.physical = plus(sum.physical, disk.physical)
        }
        return sum
    }

    /// Of counters near their end the sum wraps like a counter does; nothing worse happens.
    private static func plus(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
        guard let one, let other else { return nil }
        return one &+ other
    }
}
