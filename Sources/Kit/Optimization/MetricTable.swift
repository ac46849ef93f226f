// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Metrics by resource and name, as a file or a bulk query tells them.
public struct MetricTable: MetricReader {
    private struct Key: Hashable {
        var metric: String
        /// Nil for a value of whatever period.
        var period: Double?
    }

    private var values: [String: [Key: Double]] = [:]

    public init() {}

    /// Notes a value.
    ///
    /// - Parameter period: seconds; nil where it stands for every period that has none of its own.
    public mutating func set(_ metric: String, of resource: String, to value: Double, period: Double? = nil) {
        values[resource, default: [:]][Key(metric: metric, period: period)] = value
    }

    public func value(of query: MetricQuery, for resource: String) -> Double? {
        guard let known = values[resource] else { return nil }
        return known[Key(metric: query.metric, period: query.period)] ?? known[Key(metric: query.metric, period: nil)]
    }

    /// Reads `{RESOURCE: {METRIC: NUMBER}}`. A name `METRIC@SECONDS` is for that period alone; null is no value.
    public init(json: JSONValue) throws(ModelFormatError) {
        guard let resources = json.object else { throw ModelFormatError("metrics are an object by resource") }
        for resource in resources.entries {
            guard let metrics = resource.value.object else {
                throw ModelFormatError("the metrics of \(resource.key) are an object by name")
            }
            for metric in metrics.entries where metric.value != .null {
                guard let value = metric.value.number else {
                    throw ModelFormatError("\(metric.key) of \(resource.key) is no number")
                }
                let parts = metric.key.split(separator: "@", maxSplits: 1)
                guard parts.count > 1 else {
                    set(metric.key, of: resource.key, to: value)
                    continue
                }
                guard let period = Double(parts[1]) else {
                    throw ModelFormatError("\(metric.key) of \(resource.key): after @ stand seconds")
                }
                set(String(parts[0]), of: resource.key, to: value, period: period)
            }
        }
    }
}
