// SPDX-License-Identifier: Apache-2.0
internal import Expressions

/// Meters that a `polling.yaml` of Ceilometer's may name, whether or not a pollster of this agent offers them: such a
/// file is used as it is, and the log says what it asks for in vain. Any other unknown meter is a mistake.
enum CeilometerMeters {
    /// True where a pattern is about such meters.
    static func know(_ pattern: Glob) -> Bool {
        names.contains { pattern.matches($0) } || families.contains { pattern.pattern.hasPrefix($0) }
    }

    /// Families with an open end.
    private static let families = [
        "dynamic.", "hardware.", "network.services.", "radosgw.", "rgw.", "switch.", "volume.provider.",
    ]

    private static let names = [
        "alarm.evaluation_result", "cpu", "cpu.delta", "cpu_util", "disk.allocation", "disk.capacity",
        "disk.device.allocation",
        "disk.device.capacity", "disk.device.iops", "disk.device.latency", "disk.device.read.bytes",
        "disk.device.read.bytes.rate", "disk.device.read.latency", "disk.device.read.requests",
        "disk.device.read.requests.rate", "disk.device.usage", "disk.device.write.bytes",
        "disk.device.write.bytes.rate", "disk.device.write.latency", "disk.device.write.requests",
        "disk.device.write.requests.rate", "disk.ephemeral.size", "disk.iops", "disk.latency", "disk.read.bytes",
        "disk.read.bytes.rate", "disk.read.requests", "disk.read.requests.rate", "disk.root.size", "disk.usage",
        "disk.write.bytes", "disk.write.bytes.rate", "disk.write.requests", "disk.write.requests.rate",
        "dns.zone.recordsets", "dns.zone.serial", "dns.zone.status", "dns.zone.ttl", "energy", "image", "image.size",
        "instance", "ip.floating", "loadbalancer.operating", "loadbalancer.provisioning", "manila.share.size",
        "manila.share.status", "memory", "memory.available", "memory.bandwidth.local", "memory.bandwidth.total",
        "memory.resident", "memory.swap.in", "memory.swap.out", "memory.usage", "network.incoming.bytes",
        "network.incoming.bytes.delta", "network.incoming.bytes.rate", "network.incoming.packets",
        "network.incoming.packets.drop", "network.incoming.packets.error", "network.incoming.packets.rate",
        "network.outgoing.bytes", "network.outgoing.bytes.delta", "network.outgoing.bytes.rate",
        "network.outgoing.packets", "network.outgoing.packets.drop", "network.outgoing.packets.error",
        "network.outgoing.packets.rate", "perf.cache.misses", "perf.cache.references", "perf.cpu.cycles",
        "perf.instructions", "power", "power.state", "storage.containers", "storage.containers.objects",
        "storage.containers.objects.size", "storage.objects", "storage.objects.containers", "storage.objects.size",
        "switch", "vcpus", "volume.backup.size", "volume.service.health", "volume.size", "volume.snapshot.size",
    ]
}
