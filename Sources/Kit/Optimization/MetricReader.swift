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
