// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// The instances that were heard of, each with the series of its own and of its disks and interfaces, and what hosts tell
/// of themselves.
struct Inventory: Sendable {
    struct Series: Sendable, Hashable {
        /// In the catalog.
        var id: Int32
        var meter: Catalog.MeterWord
        var resource: String
    }

    struct Instance: Sendable {
        var id: String
        /// As its newest sample tells them.
        var facts: InstanceFacts
        var projectID: String?
        /// The instant of its newest sample, in microseconds since 1970.
        var last: Int64
        var series: [Series]

        /// Empty where no sample says it.
        var host: String { facts.host ?? "" }
        /// Its id where no sample says it.
        var name: String { facts.name ?? id }
        /// The series whose last points tell its figures; one at least, so that its pace can be told.
        var telling: [Series] {
            let telling = series.filter { InstanceFigures.meters.contains($0.meter.name) }
            return telling.isEmpty ? Array(series.prefix(1)) : telling
        }

        /// By the series that comes most often.
        func pace(_ tails: [Int32: [Point]]) -> Pace {
            Pace(step: telling.compactMap { tails[$0.id].flatMap { Pace($0) }?.step }.min(), last: last)
        }
    }

    var instances: [Instance]
    /// By the host's name.
    var hosts: [String: HostReadings]
}

/// Makes inventories. What a request costs: a look at each series in memory, and a lookup of each metadata text that is
/// new since the last request.
struct InventoryReader: Sendable {
    let store: SampleStore
    private let memory = FactsMemory()

    init(store: SampleStore) { self.store = store }

    /// - Parameter since: who has no sample at or after it is left out; microseconds since 1970.
    @concurrent func read(since: Int64) async throws -> Inventory {
        // A copy that shares its storage: senders aren't kept waiting.
        let catalog = store.catalog.withLock { $0 }
        let newest = await store.newest(catalog.series.all, since: since)
        let facts = try await memory.facts(Set(newest.map(\.metadata)), store)
        var instances: [String: Inventory.Instance] = [:]
        var hosts: [String: HostReadings] = [:]
        for newest in newest {
            guard let words = SeriesWords(newest.series, catalog) else { continue }
            let series = Inventory.Series(id: newest.series, meter: words.meter, resource: words.resource)
            guard let facts = facts[newest.metadata] else {
                if let host = HostReadings.host(of: words) {
                    hosts[host, default: HostReadings(resource: words.resource)].add(series, at: newest.time)
                }
                continue
            }
            let id = facts.instance ?? words.resource
            var instance =
                instances.removeValue(forKey: id)
                ?? .init(id: id, facts: facts, projectID: words.owner.projectID, last: .min, series: [])
            if newest.time > instance.last {
                (instance.last, instance.facts, instance.projectID) = (newest.time, facts, words.owner.projectID)
            }
            instance.series.append(series)
            instances[id] = instance
        }
        return Inventory(instances: Array(instances.values), hosts: hosts)
    }

    /// The last points of the series that tell the figures and paces of instances and hosts.
    func tails(
        _ instances: [Inventory.Instance], _ hosts: some Collection<HostReadings> = []
    ) async throws -> [Int32: [Point]] {
        let series = instances.flatMap(\.telling) + hosts.flatMap(\.series)
        return try await store.tails(series.map(\.id), count: 9)
    }
}
