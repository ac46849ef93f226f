// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/meters`: the meters there are.
struct MetersRoute: Sendable {
    private static let limit = Page.limit(1000, most: 10_000, of: "meters")

    let store: SampleStore

    static let operation = OpenAPI.Operation(
        "GET", "/v1/meters", "The meters there are, by name", parameters: [.init(limit), .init(Page.marker)],
        answers: [
            200: "An object with meters: name, type, unit and how many series each has", 400: "A parameter is wrong",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let limit = try query(Self.limit) ?? 1000
        let marker = try query(Page.marker) ?? ""
        let meters = store.catalog.withLock { catalog in
            catalog.meters.all.compactMap { id in
                catalog.meters[id].map { (word: $0, series: catalog.seriesOfMeter[id]?.count ?? 0) }
            }
        }
        func key(_ word: Catalog.MeterWord) -> String { "\(word.name) \(word.kind.rawValue) \(word.unit)" }
        let rest = meters.filter { key($0.word) > marker }.sorted { key($0.word) < key($1.word) }
        let page = rest.prefix(limit)
        var json = Array("{".utf8)
        json.append(list: "meters", page) { meter, json in
            json.append("{")
            json.append("name", meter.word.name)
            json.append("type", meter.word.kind.rawValue)
            json.append("unit", meter.word.unit)
            json.append("series", number: meter.series)
            json.append("}")
        }
        json.append("next_marker", rest.count > limit ? page.last.map { key($0.word) } : nil)
        json.append("}\n")
        return Response(json: json)
    }
}

/// `GET /v1/resources`: what was metered, with its latest metadata.
struct ResourcesRoute: Sendable {
    private static let limit = Page.limit(100, most: 1000, of: "resources")

    let store: SampleStore

    static let operation = OpenAPI.Operation(
        "GET", "/v1/resources", "What was metered, with its latest metadata",
        parameters: [
            .init(SeriesFilter.resource), .init(SeriesFilter.project), .init(SeriesFilter.meter),
            .init(SeriesFilter.source), .init(limit), .init(Page.marker),
        ],
        answers: [
            200: "An object with resources: resource_id, project_id, user_id, source, first_sample_timestamp, "
                + "last_sample_timestamp, meters and metadata",
            400: "A parameter is wrong",
        ])

    private struct Found {
        var id: Int32
        var series: [Int32]
        var words: [SeriesWords]
    }

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let filter = try SeriesFilter(query)
        let limit = try query(Self.limit) ?? 100
        let marker = try query(Page.marker)
        guard let after = marker.map({ Int32($0) }) ?? 0 else { throw Page.mistake(marker ?? "") }
        let found = store.catalog.withLock { catalog in
            let series = Dictionary(grouping: filter.series(catalog, after: 0)) { catalog.series[$0]?.resource ?? 0 }
            return series.keys.filter { $0 > after }.sorted().prefix(limit + 1).map { id in
                Found(
                    id: id, series: series[id] ?? [], words: (series[id] ?? []).compactMap { SeriesWords($0, catalog) })
            }
        }
        let page = found.prefix(limit)
        let spans = try await store.span(page.flatMap(\.series))
        let latest = await store.latestMetadata(page.flatMap(\.series))
        let texts = try await store.metadataTexts(Set(latest.values))
        var json = Array("{".utf8)
        json.append(list: "resources", page) { resource, json in
            // The series whose samples are the newest speaks for the resource.
            let newest = resource.series.max { (spans[$0]?.upperBound ?? .min) < (spans[$1]?.upperBound ?? .min) }
            Self.append(resource, spans, newest.flatMap { latest[$0] }.flatMap { texts[$0] }, to: &json)
        }
        json.append("next_marker", found.count > limit ? page.last.map { String($0.id) } : nil)
        json.append("}\n")
        return Response(json: json)
    }

    private static func append(
        _ resource: Found, _ spans: [Int32: ClosedRange<Int64>], _ metadata: String?, to json: inout [UInt8]
    ) {
        guard let words = resource.words.last else { return json.append("null") }
        json.append("{")
        json.append("resource_id", words.resource)
        json.append("project_id", words.owner.projectID)
        json.append("user_id", words.owner.userID)
        json.append("source", words.source)
        let times = resource.series.compactMap { spans[$0] }
        if let first = times.map(\.lowerBound).min(), let last = times.map(\.upperBound).max() {
            json.append("first_sample_timestamp", Timestamp(microseconds: first))
            json.append("last_sample_timestamp", Timestamp(microseconds: last))
        }
        json.append(list: "meters", Set(resource.words.map(\.meter.name)).sorted()) { $1.appendJSON($0) }
        json.append(key: "metadata")
        json.append(contentsOf: (metadata ?? "{}").utf8)
        json.append("}")
    }
}
