// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

/// Turns what was read of the host into samples, by a table.
actor TablePollster: Pollster {
    private let reader: HypervisorReader
    private let table: MeterTable
    /// Of the poll before, by resource.
    private var earlier: [String: MeterSubject] = [:]
    /// By instance: the same from poll to poll, and dearer to make than the samples.
    private var resources: [String: (instance: Resource, shape: DomainShape, made: [Resource?])] = [:]

    init(reader: HypervisorReader, table: MeterTable) {
        self.reader = reader
        self.table = table
    }

    func poll(_ instances: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        let host = try await reader.reading(in: cycle)
        let rows = table.rows.filter { meters.contains($0.meter.name) }
        let comparesReadings = rows.contains(where: \.comparesReadings)
        var samples: [Sample] = []
        samples.reserveCapacity(instances.count * rows.count)
        var current: [String: MeterSubject] = [:]
        for instance in instances {
            guard let domain = host[instance.id] else { continue }
            let count = table.subjectCount(domain)
            if count == 0 { continue }
            let resources = resources(of: domain, instance)
            for device in 0..<count {
                guard let resource = resources[device] else { continue }
                let subject = MeterSubject(domain, device: device)
                let before = comparesReadings ? earlier[resource.id] : nil
                if comparesReadings { current[resource.id] = subject }
                for row in rows {
                    guard let volume = row.value(subject, before) else { continue }
                    samples.append(Sample(row.meter, volume, of: resource, in: cycle, readAt: subject.readAt))
                }
            }
        }
        remember(current, host)
        return samples
    }

    private func resources(of domain: HostReading.Domain, _ instance: Resource) -> [Resource?] {
        if let known = resources[instance.id], known.instance == instance, known.shape == domain.shape {
            return known.made
        }
        let made = table.resources(instance, domain)
        resources[instance.id] = (instance, domain.shape, made)
        return made
    }

    /// What was not read this time keeps its reading before, so that the next one's rate spans the gap; what is gone
    /// is forgotten.
    private func remember(_ current: [String: MeterSubject], _ host: HostReading) {
        if host.isComplete { earlier = current } else { earlier.merge(current) { $1 } }
        if host.isComplete, resources.count > host.domains.count {
            resources = resources.filter { host[$0.key] != nil }
        }
    }
}
