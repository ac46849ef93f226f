// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import Optimization
internal import Telemetry

/// Our own collector: one meter's measures of all resources, page by page.
package struct CollectorDatasource: Datasource {
    package static let name = "hypsometer"
    private static let seriesInAPage = 1000

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
        // A counter's growth; what is counted of it is its samples.
        let isRate = query.metric == "instance_cpu_usage" && meter != "cpu_util" && query.aggregate != "count"
        let end = Timestamp.now
        let start = Timestamp(microseconds: end.microseconds - Int64(query.period * 1e6))
        let stretch = max(1, Int(min(query.granularity ?? query.period, query.period)))
        var parameters = [
            ("meter", meter), ("aggregate", isRate ? "rate" : query.aggregate), ("granularity", "\(stretch)"),
            ("start", "\(start)"), ("end", "\(end)"), ("limit", "\(Self.seriesInAPage)"),
        ]
        let names = ResourceNames(resources)
        var found: [String: [Double]] = [:]
        while true {
            let page = try await client.get("/v1/measures", parameters)
            for series in page["series"]?.array ?? [] {
                guard let id = series["resource_id"]?.string, let resource = names.resource(id) else { continue }
                found[resource.id, default: []] += (series["measures"]?.array ?? []).compactMap {
                    $0.array?.last?.number
                }
            }
            guard let marker = page["next_marker"]?.string else { break }
            parameters.removeAll { $0.0 == "marker" }
            parameters.append(("marker", marker))
        }
        return names.values(found, of: query) { value, resource in
            isRate ? MetricUnits.percent(cpuSeconds: value / 1e9, of: resource) : MetricUnits.value(value, of: query)
        }
    }
}
