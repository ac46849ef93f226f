// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Hummingbird
internal import Settings
internal import Synchronization
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/measures`: one meter's values, made one for each stretch of time, resource by resource.
struct MeasuresRoute: Sendable {
    private static let aggregate = QueryParameter<Aggregate>(
        "aggregate", help: "What is made of a stretch's samples (default mean); rate is per second.")
    private static let granularity = QueryParameter(
        "granularity", help: "The length of a stretch in seconds (default 300).", in: 1...366 * 86400)
    private static let start = QueryParameter<Timestamp>.time(
        "start", help: "The first instant (default an hour before the end).")
    private static let end = QueryParameter<Timestamp>.time("end", help: "The last instant (default now).")
    private static let limit = Page.limit(100, most: 1000, of: "series")
    private static let mostStretches = 20_000

    let store: SampleStore

    static let operation = OpenAPI.Operation(
        "GET", "/v1/measures", "One meter's values by stretches of time, for each resource",
        parameters: [
            .init(SeriesFilter.meter, isRequired: true), .init(aggregate), .init(granularity), .init(start), .init(end),
            .init(SeriesFilter.resource), .init(SeriesFilter.project), .init(SeriesFilter.source), .init(limit),
            .init(Page.marker),
        ],
        answers: [
            200: "An object with aggregate, granularity and series, each with resource_id and measures: pairs of a "
                + "stretch's beginning and its value",
            400: "A parameter is wrong",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let filter = try SeriesFilter(query)
        guard let meter = filter.meter else { throw Problem(.badRequest, "The parameter meter is missing.") }
        let aggregate = try query(Self.aggregate) ?? .mean
        let granularity = Int64(try query(Self.granularity) ?? 300) * 1_000_000
        let end = try query(Self.end) ?? .now
        let start = try query(Self.start) ?? Timestamp(microseconds: end.microseconds - 3_600_000_000)
        guard start <= end else {
            throw Problem(.badRequest, "The parameter start, \(start), is after the end, \(end).")
        }
        guard (end.microseconds - start.microseconds) / granularity < Self.mostStretches else {
            throw Problem(
                .badRequest,
                "These times have more than \(Self.mostStretches) stretches; allowed: fewer. Try a larger granularity.")
        }
        let limit = try query(Self.limit) ?? 100
        let marker = try query(Page.marker)
        guard let after = marker.map({ Int32($0) }) ?? 0 else { throw Page.mistake(marker ?? "") }

        let (ids, words) = store.catalog.withLock { catalog in
            let ids = Array(filter.series(catalog, after: after).prefix(limit + 1))
            return (ids, ids.map { SeriesWords($0, catalog) })
        }
        if aggregate == .rate, words.contains(where: { $0?.meter.kind == .gauge }) {
            throw Problem(
                .badRequest, "\(meter.quoted) is a gauge, which has no rate; allowed: mean, min, max, count.")
        }
        let page = Dictionary(uniqueKeysWithValues: zip(ids, words).prefix(limit))
        // A counter's first step begins at the sample before.
        let lookback = aggregate == .rate ? max(granularity, 3_600_000_000) : 0
        let texts = try await store.read(
            Array(ids.prefix(limit)), from: start.microseconds - lookback, through: end.microseconds,
            isWhole: aggregate == .rate
        ) { id, points -> [UInt8] in
            guard let words = page[id] ?? nil else { return [] }
            let measures = Measures(
                points, aggregate, of: words.meter.kind, granularity: granularity, from: start.microseconds)
            return measures.values.isEmpty ? [] : Self.text(words, measures)
        }
        var json = Array("{".utf8)
        json.append("meter", meter)
        json.append("aggregate", aggregate.rawValue)
        json.append("granularity", number: Int(granularity / 1_000_000))
        json.append("start", start)
        json.append("end", end)
        json.append(list: "series", texts.filter { !$0.isEmpty }) { $1 += $0 }
        json.append("next_marker", ids.count > limit ? ids.prefix(limit).last.map { String($0) } : nil)
        json.append("}\n")
        return Response(json: json)
    }

    private static func text(_ words: SeriesWords, _ measures: Measures) -> [UInt8] {
        var json = Array("{".utf8)
        json.reserveCapacity(200 + measures.values.count * 40)
        json.append("resource_id", words.resource)
        json.append("project_id", words.owner.projectID)
        json.append("source", words.source)
        json.append("type", words.meter.kind.rawValue)
        json.append("unit", words.meter.unit)
        json.append(list: "measures", measures.values) { measure, json in
            json.append("[\"")
            Timestamp(microseconds: measure.start).append(to: &json)
            json.append("\",")
            json.appendJSON(measure.value)
            json.append("]")
        }
        json.append("}")
        return json
    }
}
