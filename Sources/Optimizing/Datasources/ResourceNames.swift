// SPDX-License-Identifier: Apache-2.0
internal import Optimization

/// Finds resources by what datasources call them: an instance by its UUID, a node by its own, by its host name, by the
/// host name's first part, or by both of host and node as Ceilometer joins them.
struct ResourceNames {
    private var byName: [String: MetricResource] = [:]

    init(_ resources: [MetricResource]) {
        for resource in resources { byName[resource.id] = resource }
        for resource in resources {
            guard let hostname = resource.hostname else { continue }
            for name in [hostname, "\(hostname)_\(hostname)"] { byName[name] = byName[name] ?? resource }
        }
    }

    func resource(_ name: String) -> MetricResource? { byName[name] }

    /// One value for each resource, of those of its stretches of time.
    ///
    /// - Parameter convert: to the metric's unit; nil where that can't be told.
    func values(
        _ found: [String: [Double]], of query: MetricQuery, _ convert: (Double, MetricResource) -> Double?
    ) -> [String: Double] {
        var values: [String: Double] = [:]
        for (id, measures) in found {
            guard let resource = byName[id], let value = query.combined(measures) else { continue }
            values[id] = query.aggregate == "count" ? value : convert(value, resource)
        }
        return values
    }
}

extension MetricQuery {
    /// The statistic of the period, of those of its stretches; nil where there are none.
    func combined(_ measures: [Double]) -> Double? {
        guard let least = measures.min(), let greatest = measures.max() else { return nil }
        let sum = measures.reduce(0, +)
        return switch aggregate {
        case "min": least
        case "max": greatest
        case "count": sum
        default: sum / Double(measures.count)
        }
    }
}

/// What measures are in the units of metrics.
enum MetricUnits {
    /// Percent of an instance's virtual CPUs, 0 to 100; nil where their number isn't known.
    ///
    /// - Parameter cpuSeconds: used in a second.
    static func percent(cpuSeconds: Double, of resource: MetricResource) -> Double? {
        guard let vcpus = resource.vcpus, vcpus > 0 else { return nil }
        return min(100, max(0, cpuSeconds) * 100 / Double(vcpus))
    }

    /// Ceilometer's airflow is in CFM, the metric in tenths of it.
    static func value(_ value: Double, of query: MetricQuery) -> Double {
        query.metric == "host_airflow" ? value * 10 : value
    }
}
