// SPDX-License-Identifier: Apache-2.0
internal import Hummingbird
internal import Synchronization
internal import Telemetry
internal import Web

/// Which series a request is about.
struct SeriesFilter: Sendable, Hashable {
    static let meter = QueryParameter("meter", help: "The meter's name.")
    static let resource = QueryParameter("resource_id", help: "A resource; may be given several times.")
    static let project = QueryParameter("project_id", help: "Resources of this project only.")
    static let source = QueryParameter("source", help: "Samples of this source only.")

    var meter: String?
    var resources: Set<String>
    var project: String?
    var source: String?

    init(_ query: Query) throws {
        meter = try query(Self.meter)
        resources = Set(try query.all(Self.resource))
        project = try query(Self.project)
        source = try query(Self.source)
    }

    /// The series that fit, ascending by number, after one that is given.
    func series(_ catalog: Catalog, after marker: Int32) -> [Int32] {
        let candidates: [Int32]
        if !resources.isEmpty {
            let ids = resources.compactMap { catalog.resources.known($0) }
            candidates = ids.flatMap { catalog.seriesOfResource[$0] ?? [] }
        } else if let meter {
            candidates = catalog.meters.all.filter { catalog.meters[$0]?.name == meter }
                .flatMap { catalog.seriesOfMeter[$0] ?? [] }
        } else {
            candidates = catalog.series.all
        }
        return candidates.filter { $0 > marker && fits($0, catalog) }.sorted()
    }

    private func fits(_ id: Int32, _ catalog: Catalog) -> Bool {
        guard let series = catalog.series[id] else { return false }
        if let meter, catalog.meters[series.meter]?.name != meter { return false }
        if let project, catalog.owners[series.owner]?.projectID != project { return false }
        if let source, catalog.sources[series.source] != source { return false }
        return true
    }
}

/// What a series is, in words.
struct SeriesWords: Sendable, Hashable {
    var meter: Catalog.MeterWord
    var resource: String
    var owner: Catalog.Owner
    var source: String

    init?(_ id: Int32, _ catalog: Catalog) {
        guard let series = catalog.series[id], let meter = catalog.meters[series.meter],
            let resource = catalog.resources[series.resource], let owner = catalog.owners[series.owner],
            let source = catalog.sources[series.source]
        else { return nil }
        self.meter = meter
        self.resource = resource
        self.owner = owner
        self.source = source
    }
}
