// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import Optimization

/// Prometheus: one instant query for all resources.
package struct PrometheusDatasource: Datasource {
    package static let name = "prometheus"

    package var name: String { Self.name }
    package let metricMap: [String: String]
    private let client: DatasourceClient
    private let hostLabel: String
    private let instanceLabel: String

    package init(_ settings: DatasourceSettings, _ place: DatasourceSettings.Place) {
        client = DatasourceClient(datasource: Self.name, place: place)
        metricMap = settings.map[Self.name]
        hostLabel = settings.hostLabel
        instanceLabel = settings.instanceLabel
    }

    package func values(
        of query: MetricQuery, meter: String, for resources: [MetricResource]
    ) async throws -> [String: Double] {
        let text = expression(query, meter)
        let answer = try await client.post("/api/v1/query", form: [("query", text)])
        guard let rows = answer["data"]?["result"]?.array else {
            throw DatasourceError(name, "answered \(text) with no result")
        }
        let label = query.resourceKind == .instance ? instanceLabel : hostLabel
        let names = ResourceNames(resources)
        // Hosts may be known by more or less of their names.
        let short = Dictionary(
            resources.compactMap { resource in
                resource.hostname.map { (String($0.prefix { $0 != "." }), resource) }
            }
        ) { first, _ in first }
        var found: [String: [Double]] = [:]
        for row in rows {
            guard let label = row["metric"]?[label]?.string,
                let resource = names.resource(label) ?? short[String(label.prefix { $0 != "." })],
                let value = row["value"]?.array?.last?.string.flatMap({ Double($0) }), value.isFinite
            else { continue }
            found[resource.id, default: []].append(value)
        }
        return names.values(found, of: query) { value, resource in
            query.metric == "instance_cpu_usage" ? MetricUnits.percent(cpuSeconds: value, of: resource) : value
        }
    }

    /// - Parameter meter: the series' name.
    func expression(_ query: MetricQuery, _ meter: String) -> String {
        let period = "\(max(1, Int(query.period)))s"
        let step = "\(max(1, Int(min(query.granularity ?? query.period, query.period))))s"
        let function = ["mean": "avg", "min": "min", "max": "max", "count": "count"][query.aggregate] ?? "avg"
        if query.aggregate == "count" {
            let label = query.resourceKind == .instance ? instanceLabel : hostLabel
            return "max by (\(label))(count_over_time(\(meter)[\(period)]))"
        }
        /// Of a counter: its rate over the period, or the least or greatest of those of its stretches.
        func rate(_ series: String, _ function: String) -> String {
            function == "avg"
                ? "rate(\(series)[\(period)])" : "\(function)_over_time(rate(\(series)[\(step)])[\(period):\(step)])"
        }
        switch query.metric {
        case "host_cpu_usage":
            // Idle time is measured: the least of it is the greatest use.
            let inverse = ["min": "max", "max": "min"][function] ?? function
            return "100 - (avg by (\(hostLabel))(\(rate(meter + "{mode=\"idle\"}", inverse))) * 100)"
        case "host_ram_usage":
            let inverse = ["min": "max", "max": "min"][function] ?? function
            return
                "max by (\(hostLabel))((node_memory_MemTotal_bytes - \(inverse)_over_time(\(meter)[\(period)])) / 1024)"
        case "instance_cpu_usage": return "max by (\(instanceLabel))(\(rate(meter, function))) / 1e9"
        default:
            let label = query.resourceKind == .instance ? instanceLabel : hostLabel
            return "max by (\(label))(\(function)_over_time(\(meter)[\(period)]))"
        }
    }
}
