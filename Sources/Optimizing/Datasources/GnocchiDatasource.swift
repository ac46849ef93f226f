// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import OpenStack
package import Optimization
internal import Telemetry

/// Gnocchi: its aggregates API, for some hundreds of resources at a time.
package struct GnocchiDatasource: Datasource {
    package static let name = "gnocchi"
    private static let resourcesInACall = 500

    package var name: String { Self.name }
    package let metricMap: [String: String]
    private let client: DatasourceClient

    /// - Parameter cloud: who logs in where ``DatasourceSettings/Place/usesKeystone``.
    package init(_ place: DatasourceSettings.Place, _ metricMap: [String: String], cloud: CloudSession? = nil) {
        client = DatasourceClient(
            datasource: Self.name, place: place,
            keystone: place.usesKeystone ? cloud.map { KeystoneLogin(session: $0, service: "metric") } : nil)
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
        // What a counter grows by is told from sample to sample, not per second: how many samples a full stretch has
        // tells how far apart they are.
        var mostSamples = 1.0
        var stretch = query.granularity ?? 300
        for start in stride(from: 0, to: known.count, by: Self.resourcesInACall) {
            let part = known[start..<min(known.count, start + Self.resourcesInACall)]
            let byID = Dictionary(part.map { ($0.id, $0.resource) }) { first, _ in first }
            for (id, measures) in try await measures(of: Array(byID.keys), meter, aggregation, isCounted: isRate, query)
            {
                guard let resource = byID[id] else { continue }
                for count in measures["count"] ?? [] where isRate { mostSamples = max(mostSamples, count.value) }
                let values = measures[aggregation] ?? []
                if let first = values.first { stretch = first.seconds }
                // The first may have been asked for to see a full stretch.
                let wanted = Int((query.period / max(1, stretch)).rounded(.up)) + 1
                found[resource.id, default: []] += values.suffix(wanted).map(\.value)
            }
        }
        let secondsApart = stretch / mostSamples
        return names.values(found, of: query) { value, resource in
            isRate
                ? MetricUnits.percent(cpuSeconds: value / (secondsApart * 1e9), of: resource)
                : MetricUnits.value(value, of: query)
        }
    }

    private struct Measure {
        /// How long its stretch is.
        var seconds: Double
        var value: Double
    }

    /// The measures of each resource, by aggregation.
    ///
    /// - Parameter isCounted: whether to ask for the number of samples as well, where their archive policy has it.
    private func measures(
        of ids: [String], _ meter: String, _ aggregation: String, isCounted: Bool, _ query: MetricQuery
    ) async throws -> [String: [String: [Measure]]] {
        let seconds = query.period + (isCounted ? query.granularity ?? 0 : 0)
        var parameters = [("start", "\(Timestamp(microseconds: Timestamp.now.microseconds - Int64(seconds * 1e6)))")]
        if let granularity = query.granularity { parameters.append(("granularity", "\(granularity)")) }
        let metrics: [JSONValue] =
            isCounted
            ? [[.string(meter), .string(aggregation)], [.string(meter), "count"]]
            : [.string(meter), .string(aggregation)]
        let answer: JSONValue
        do {
            answer = try await client.post(
                "/v1/aggregates", parameters,
                json: [
                    "operations": .array(["metric"] + metrics), "resource_type": "generic",
                    "search": ["in": ["id": .array(ids.sorted().map { .string($0) })]],
                ])
        } catch let error as DatasourceError where error.reason.contains("answered 40") {
            if isCounted { return try await measures(of: ids, meter, aggregation, isCounted: false, query) }
            // None of these has the metric, or its statistic.
            guard error.reason.contains("Metrics not found") || error.reason.contains("unknown aggregation") else {
                throw error
            }
            return [:]
        }
        var found: [String: [String: [Measure]]] = [:]
        for resource in answer["measures"]?.object?.entries ?? [] {
            for kind in resource.value[meter]?.object?.entries ?? [] {
                found[resource.key, default: [:]][kind.key] = (kind.value.array ?? []).compactMap { measure in
                    guard let parts = measure.array, parts.count == 3, let seconds = parts[1].number,
                        let value = parts[2].number
                    else { return nil }
                    return Measure(seconds: seconds, value: value)
                }
            }
        }
        return found
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
