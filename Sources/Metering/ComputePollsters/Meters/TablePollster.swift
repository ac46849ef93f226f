// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Turns what was read of the host into samples, by a table.
actor TablePollster: Pollster {
    /// An instance from poll to poll: one look-up finds all that is kept of it.
    private final class Kept {
        var instance: Resource
        var shape: DomainShape
        /// Dearer to make than samples are.
        var resources: [Resource?]
        /// Each subject at the poll before, in the order of the resources.
        var earlier: [MeterSubject?]
        /// The cycle in which it was polled last.
        var cycle: UInt64 = 0

        init(_ instance: Resource, _ domain: HostReading.Domain, _ table: MeterTable) {
            self.instance = instance
            shape = domain.shape
            resources = table.resources(instance, domain)
            earlier = Array(repeating: nil, count: resources.count)
        }

        /// The subjects that were there before keep their readings.
        func change(_ instance: Resource, _ domain: HostReading.Domain, _ table: MeterTable) {
            let made = table.resources(instance, domain)
            let before = zip(resources, earlier)
            earlier = made.map { resource in before.first { $0.0?.id == resource?.id }?.1 }
            (self.instance, shape, resources) = (instance, domain.shape, made)
        }
    }

    private let reader: HypervisorReader
    private let table: MeterTable
    private var kept: [String: Kept] = [:]

    init(reader: HypervisorReader, table: MeterTable) {
        self.reader = reader
        self.table = table
    }

    func poll(_ instances: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        let host = try await reader.reading(in: cycle)
        let rows = table.rows.filter { meters.contains($0.meter.name) }
        var samples: [Sample] = []
        samples.reserveCapacity(instances.count * rows.count)
        var polled = 0
        for (place, instance) in instances.enumerated() {
            guard let domain = host.domain(instance.id, at: place) else { continue }
            let count = table.subjectCount(domain)
            if count == 0 { continue }
            let kept = keep(instance, domain)
            kept.cycle = cycle.number
            polled += 1
            for device in 0..<count {
                guard let resource = kept.resources[device] else { continue }
                let subject = MeterSubject(domain, device: device)
                for row in rows {
                    guard let volume = row.value(subject, kept.earlier[device]) else { continue }
                    samples.append(Sample(row.meter, volume, of: resource, in: cycle, readAt: subject.readAt))
                }
                kept.earlier[device] = subject
            }
        }
        // What could not be read this time keeps its reading, so that the next one's rate spans the gap.
        if host.isComplete, polled < kept.count { kept = kept.filter { $0.value.cycle == cycle.number } }
        return samples
    }

    private func keep(_ instance: Resource, _ domain: HostReading.Domain) -> Kept {
        guard let known = kept[instance.id] else {
            let made = Kept(instance, domain, table)
            kept[instance.id] = made
            return made
        }
        if known.instance != instance || known.shape != domain.shape { known.change(instance, domain, table) }
        return known
    }
}
