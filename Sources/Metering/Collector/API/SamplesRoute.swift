// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/samples`: what was stored, series by series, each by time.
struct SamplesRoute: Sendable {
    private static let start = QueryParameter<Timestamp>.time(
        "start", help: "The first instant (default: as far back as there are samples).")
    private static let end = QueryParameter<Timestamp>.time("end", help: "The last instant (default: no end).")
    private static let limit = Page.limit(100, most: 10_000, of: "samples")

    let store: SampleStore

    static let operation = OpenAPI.Operation(
        "GET", "/v1/samples", "Samples, series by series, each by time",
        parameters: [
            .init(SeriesFilter.meter), .init(SeriesFilter.resource), .init(SeriesFilter.project),
            .init(SeriesFilter.source), .init(start), .init(end), .init(limit), .init(Page.marker),
        ],
        answers: [
            200: "An object with samples, in the keys of Ceilometer's HTTP publisher, without message ids, which are "
                + "not kept; an answer may have some more than asked for, as samples of one instant stay together",
            400: "A parameter is wrong",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let filter = try SeriesFilter(query)
        let start = try query(Self.start)?.microseconds ?? .min
        let end = try query(Self.end)?.microseconds ?? .max
        let limit = try query(Self.limit) ?? 100
        var place = try Place(query(Page.marker))
        let ids = store.catalog.withLock { filter.series($0, after: place.series - 1) }

        var samples: [[UInt8]] = []
        var isComplete = true
        for id in ids {
            let from = id == place.series ? max(start, place.after.map { $0 + 1 } ?? .min) : start
            guard from <= end, let points = try await store.read([id], from: from, through: end, { $1 }).first else {
                continue
            }
            let (page, rest) = points.page(limit - samples.count)
            samples += try await texts(id, page)
            place = Place(series: id, after: page.last?.time)
            if !rest.isEmpty || samples.count >= limit {
                isComplete = false
                break
            }
        }
        var json = Array("{".utf8)
        json.append(list: "samples", samples) { $1 += $0 }
        json.append("next_marker", isComplete ? nil : place.marker)
        json.append("}\n")
        return Response(json: json)
    }

    private func texts(_ id: Int32, _ points: ArraySlice<Point>) async throws -> [[UInt8]] {
        guard let words = store.catalog.withLock({ SeriesWords(id, $0) }) else { return [] }
        let metadata = try await store.metadataTexts(Set(points.map(\.metadata)))
        return points.map { point in
            var json = Array("{".utf8)
            json.append("name", words.meter.name)
            json.append("type", words.meter.kind.rawValue)
            json.append("unit", words.meter.unit)
            json.append(key: "volume")
            json.appendJSON(point.volume)
            json.append("user_id", words.owner.userID)
            json.append("user_name", words.owner.userName)
            json.append("project_id", words.owner.projectID)
            json.append("project_name", words.owner.projectName)
            json.append("resource_id", words.resource)
            json.append("timestamp", Timestamp(microseconds: point.time))
            json.append(key: "resource_metadata")
            json.append(contentsOf: (metadata[point.metadata] ?? "{}").utf8)
            json.append("source", words.source)
            json.append(key: "monotonic_time")
            json.appendJSON(point.monotonic == Point.unknown ? .nan : Double(point.monotonic) / 1e6)
            json.append("}")
            return json
        }
    }

    /// How far a client has read: a series and the time of its last sample.
    private struct Place {
        var series: Int32
        var after: Int64?

        init(series: Int32, after: Int64?) {
            self.series = series
            self.after = after
        }

        init(_ marker: String?) throws {
            guard let marker else {
                self.init(series: 1, after: nil)
                return
            }
            let parts = marker.split(separator: ".")
            guard parts.count == 2, let series = Int32(parts[0]), series > 0, let after = Int64(parts[1]),
                after < .max
            else { throw Page.mistake(marker) }
            self.init(series: series, after: after)
        }

        var marker: String { "\(series).\(after ?? 0)" }
    }
}

extension [Point] {
    /// The first so many, and those of the last one's instant.
    fileprivate func page(_ limit: Int) -> (ArraySlice<Point>, rest: ArraySlice<Point>) {
        var end = Swift.min(limit, count)
        while end > 0, end < count, self[end].time == self[end - 1].time { end += 1 }
        return (self[..<end], self[end...])
    }
}
