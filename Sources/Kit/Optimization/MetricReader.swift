// SPDX-License-Identifier: Apache-2.0

/// Which statistic of which metric is wanted.
public struct MetricQuery: Sendable, Hashable {
    public enum ResourceKind: String, Sendable, Hashable { case computeNode = "compute_node", instance }

    /// `host_cpu_usage`, `instance_ram_usage` and so on.
    public var metric: String
    public var resourceKind: ResourceKind
    /// Seconds up to now over which it is taken.
    public var period: Double
    /// `mean`, `min`, `max` or `count`.
    public var aggregate: String
    /// Seconds between two measures; nil where the source decides.
    public var granularity: Double?

    public init(
        _ metric: String, _ resourceKind: ResourceKind, period: Double, aggregate: String = "mean",
        granularity: Double? = 300
    ) {
        self.metric = metric
        self.resourceKind = resourceKind
        self.period = period
        self.aggregate = aggregate
        self.granularity = granularity
    }
}

/// Tells what was measured. Whoever makes one has read all of it beforehand: a strategy never waits.
public protocol MetricReader: Sendable {
    /// Nil where there is no value.
    ///
    /// - Parameter resource: a node's or an instance's UUID.
    func value(of query: MetricQuery, for resource: String) -> Double?
}

/// Statistics that were asked for beforehand, each for all resources at once.
public struct PrefetchedMetrics: MetricReader, Hashable {
    /// By query, by resource.
    public private(set) var values: [MetricQuery: [String: Double]] = [:]

    public init() {}

    /// Notes what a query gave; resources without a value are left out.
    public mutating func set(_ query: MetricQuery, to found: [String: Double]) { values[query] = found }

    /// What was asked for in just this way; else the metric as it was asked for, for a strategy that named its metrics
    /// and left the rest to the host.
    public func value(of query: MetricQuery, for resource: String) -> Double? {
        if let found = values[query] { return found[resource] }
        let likes = values.filter { $0.key.metric == query.metric && $0.key.resourceKind == query.resourceKind }
        // Of several none is the one that was meant.
        return likes.count == 1 ? likes.first?.value[resource] : nil
    }
}
