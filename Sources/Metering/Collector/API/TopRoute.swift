// SPDX-License-Identifier: Apache-2.0
internal import Hummingbird
internal import Settings
internal import Telemetry
internal import Web
internal import Wire

/// `GET /v1/top`: the instances with the most of a meter over a time.
struct TopRoute: Sendable {
    /// Over all of the time.
    enum Order: String, Sendable, CaseIterable { case mean, max, rate }

    private static let aggregate = QueryParameter<Order>(
        "aggregate", help: "What is made of each series' samples (default mean); rate is per second, for counters.")
    private static let meter = QueryParameter(
        "meter", help: "The meter's name; given several times, the meters' values are added up.")
    private static let start = QueryParameter<Timestamp>.time(
        "start", help: "The first instant (default an hour before the end).")
    private static let end = QueryParameter<Timestamp>.time("end", help: "The last instant (default now).")
    private static let limit = Page.limit(10, most: 1000, of: "instances")

    let reader: InventoryReader

    static let operation = OpenAPI.Operation(
        "GET", "/v1/top", "The instances with the most of a meter over a time",
        parameters: [
            .init(meter, isRequired: true), .init(aggregate), .init(start), .init(end), .init(limit),
        ],
        answers: [
            200: "An object with aggregate, start, end, total (instances with a value) and instances, the most first: "
                + "instance_id, display_name, host and value, the sum over the instance's disks or interfaces where the "
                + "meter is theirs",
            400: "A parameter is wrong",
        ])

    @concurrent func callAsFunction(_ request: Request) async throws -> Response {
        let query = try Query(request, names: Self.operation.parameters.map(\.name))
        let meters = Set(try query.all(Self.meter))
        if meters.isEmpty { throw Problem(.badRequest, "The parameter meter is missing.") }
        let aggregate = try query(Self.aggregate) ?? .mean
        let end = try query(Self.end) ?? .now
        let start = try query(Self.start) ?? Timestamp(microseconds: end.microseconds - 3_600_000_000)
        guard start <= end else {
            throw Problem(.badRequest, "The parameter start, \(start), is after the end, \(end).")
        }
        let limit = try query(Self.limit) ?? 10

        let instances = try await reader.read(since: start.microseconds).instances
        var places: [Int32: Int] = [:]
        for (index, instance) in instances.enumerated() {
            for series in instance.series where meters.contains(series.meter.name) {
                if aggregate == .rate, series.meter.kind != .cumulative {
                    throw Problem(
                        .badRequest,
                        "\(series.meter.name.quoted) is no counter, which alone has a rate here; allowed: mean, max.")
                }
                places[series.id] = index
            }
        }
        let values = try await reader.store.read(
            places.keys.sorted(), from: start.microseconds, through: end.microseconds, isWhole: aggregate == .rate
        ) { series, points in (series, Self.value(points, aggregate)) }
        var sums: [Int: Double] = [:]
        for case (let series, let value?) in values {
            if let place = places[series] { sums[place, default: 0] += value }
        }
        let order = sums.sorted { ($1.value, instances[$0.key].id) < ($0.value, instances[$1.key].id) }
        var json = Array("{".utf8)
        json.append("aggregate", aggregate.rawValue)
        json.append("start", start)
        json.append("end", end)
        json.append("total", number: sums.count)
        json.append(list: "instances", order.prefix(limit)) { entry, json in
            let instance = instances[entry.key]
            json.append("{")
            json.append("instance_id", instance.id)
            json.append("display_name", instance.facts.name)
            json.append("host", instance.host)
            json.append("value", value: entry.value)
            json.append("}")
        }
        json.append("}\n")
        return Response(json: json)
    }

    /// One stretch that holds all points.
    private static func value(_ points: [Point], _ order: Order) -> Double? {
        let aggregate: Aggregate =
            switch order {
            case .mean: .mean
            case .max: .max
            case .rate: .rate
            }
        return Measures(points, aggregate, of: .cumulative, granularity: .max / 4, from: .min).values.first?.value
    }
}
