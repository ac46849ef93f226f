// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import Optimization
internal import Telemetry

/// Gnocchi: its aggregates API, for some hundreds of resources at a time.
package struct GnocchiDatasource: Datasource {
    package static let name = "gnocchi"
    private static let resourcesInACall = 500

    package var name: String { Self.name }
    package let metricMap: [String: String]
    private let client: DatasourceClient

    package init(_ place: DatasourceSettings.Place, _ metricMap: [String: String]) {
        client = DatasourceClient(datasource: Self.name, place: place)
        self.metricMap = metricMap
    }

    package func values(
        of query: MetricQuery, meter: String, for resources: [MetricResource]
    ) async throws -> [String: Double] {
        let isRate = query.metric == "instance_cpu_usage" && meter == "cpu"
        let names = ResourceNames(resources)
        let known = try await identifiers(of: resources, query)
        var found: [String: [Double]] = [:]
        let aggregation = query.aggregate == "count" ? "count" : (isRate ? "rate:mean" : query.aggregate)
        var rateSeconds = query.granularity ?? 300
        for start in stride(from: 0, to: known.count, by: Self.resourcesInACall) {
            let part = known[start..<min(known.count, start + Self.resourcesInACall)]
            var parameters = [
                ("start", "\(Timestamp(microseconds: Timestamp.now.microseconds - Int64(query.period * 1e6)))")
            ]
            if let granularity = query.granularity { parameters.append(("granularity", "\(granularity)")) }
            let answer: JSONValue
            do {
                answer = try await client.post(
                    "/v1/aggregates", parameters,
                    json: [
                        "operations": ["metric", .string(meter), .string(aggregation)], "resource_type": "generic",
                        "search": ["in": ["id": .array(part.map { .string($0.id) })]],
                    ])
            } catch let error as DatasourceError where error.reason.contains("answered 404") {
                continue  // none of these has the metric
            }
            let byID = Dictionary(part.map { ($0.id, $0.resource) }) { first, _ in first }
            for entry in answer["measures"]?.object?.entries ?? [] {
                guard let resource = byID[entry.key] else { continue }
                for measure in entry.value[meter]?[aggregation]?.array ?? [] {
                    guard let parts = measure.array, parts.count == 3, let value = parts[2].number else { continue }
                    if let seconds = parts[1].number { rateSeconds = seconds }
                    found[resource.id, default: []].append(value)
                }
            }
        }
        return names.values(found, of: query) { value, resource in
            isRate
                ? MetricUnits.percent(cpuSeconds: value / (rateSeconds * 1e9), of: resource)
                : MetricUnits.value(value, of: query)
        }
    }

    /// What Gnocchi calls the resources: instances by their UUIDs, nodes by what it made of their names.
    private func identifiers(
        of resources: [MetricResource], _ query: MetricQuery
    ) async throws -> [(id: String, resource: MetricResource)] {
        guard query.resourceKind == .computeNode else { return resources.map { ($0.id, $0) } }
        let names = Dictionary(
            resources.compactMap { resource in resource.hostname.map { ("\($0)_\($0)", resource) } }
        ) { first, _ in first }
        let answer = try await client.post(
            "/v1/search/resource/generic",
            json: ["in": ["original_resource_id": .array(names.keys.sorted().map { .string($0) })]])
        return (answer.array ?? []).compactMap { row in
            guard let id = row["id"]?.string, let resource = names[row["original_resource_id"]?.string ?? ""] else {
                return nil
            }
            return (id, resource)
        }
    }
}
