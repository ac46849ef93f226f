// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import OpenStack
package import Optimization

/// The datasources that are configured: chooses one that has all that is wanted, and asks it.
package struct Datasources: Sendable {
    private let datasources: [any Datasource]

    /// - Parameter cloud: who logs in where settings have Keystone do so; nil for nobody.
    package init(_ settings: DatasourceSettings, cloud: CloudSession? = nil) {
        datasources = settings.order.compactMap { name -> (any Datasource)? in
            guard let place = settings.places[name] else { return nil }
            return switch name {
            case CollectorDatasource.name: CollectorDatasource(place, settings.map[name])
            case GnocchiDatasource.name: GnocchiDatasource(place, settings.map[name], cloud: cloud)
            default: PrometheusDatasource(settings, place)
            }
        }
    }

    package var isEmpty: Bool { datasources.isEmpty }
    package var names: [String] { datasources.map(\.name) }

    /// Asks the first datasource that has all metrics of the queries, once for each query; where it can't be asked the
    /// next one.
    ///
    /// - Parameter preferred: names in another order than the configuration's; nil for that.
    /// - Returns: what was found, where, and why not elsewhere.
    /// - Throws: ``DatasourceError`` where none has all of them, or none could be asked.
    package func fetch(
        _ queries: [MetricQuery], in model: ModelRoot, preferred: [String]? = nil
    ) async throws -> (metrics: PrefetchedMetrics, datasource: String, remarks: [String]) {
        let wanted = Set(queries)
        var remarks: [String] = []
        var lacking: [String] = []
        var failure: DatasourceError?
        for datasource in ordered(preferred) {
            let missing = Set(wanted.map(\.metric)).filter { datasource.metricMap[$0] == nil }
            guard missing.isEmpty else {
                lacking.append("\(datasource.name) has no \(missing.sorted().joined(separator: ", "))")
                continue
            }
            do {
                var metrics = PrefetchedMetrics()
                for query in wanted { metrics.set(query, to: try await Self.values(of: query, datasource, model)) }
                return (metrics, datasource.name, remarks)
            } catch let error as DatasourceError {
                remarks.append("\(error)")
                failure = error
            }
        }
        if let failure { throw failure }
        throw DatasourceError(
            names.joined(separator: ", "),
            "none has all of \(Set(wanted.map(\.metric)).sorted().joined(separator: ", ")): "
                + lacking.joined(separator: "; "))
    }

    /// Whether some datasource is there that has all of these metrics; the one that would be asked.
    package func datasource(for metrics: [String], preferred: [String]? = nil) -> String? {
        ordered(preferred).first { datasource in metrics.allSatisfy { datasource.metricMap[$0] != nil } }?.name
    }

    private func ordered(_ preferred: [String]?) -> [any Datasource] {
        guard let preferred else { return datasources }
        return preferred.compactMap { name in datasources.first { $0.name == name } }
    }

    private static func values(
        of query: MetricQuery, _ datasource: some Datasource, _ model: ModelRoot
    ) async throws -> [String: Double] {
        let resources =
            query.resourceKind == .computeNode
            ? model.allNodes.map { MetricResource(id: $0.uuid, hostname: $0.hostname, vcpus: $0.vcpus) }
            : model.allInstances.map {
                MetricResource(id: $0.uuid, vcpus: $0.vcpus, memory: $0.memory, disk: $0.disk)
            }
        let meter = datasource.metricMap[query.metric] ?? ""
        guard meter == MetricMap.ofModel else {
            return try await datasource.values(of: query, meter: meter, for: resources)
        }
        let isMemory = query.metric == "instance_ram_allocated"
        var values: [String: Double] = [:]
        for resource in resources {
            values[resource.id] = (isMemory ? resource.memory : resource.disk).map { Double($0) }
        }
        return values
    }
}
