// SPDX-License-Identifier: Apache-2.0
package import Optimization

/// Where metrics are kept. One question gets a statistic of all resources at once.
package protocol Datasource: Sendable {
    /// As `[watcher_datasources] datasources` names it.
    var name: String { get }

    /// What it calls each metric that it has: by the names that strategies use.
    var metricMap: [String: String] { get }

    /// - Parameter meter: what ``metricMap`` calls the query's metric.
    /// - Returns: by resource, in the metric's unit; resources without a value are left out.
    /// - Throws: ``DatasourceError``.
    func values(of query: MetricQuery, meter: String, for resources: [MetricResource]) async throws -> [String: Double]
}

/// A node or an instance, as datasources look for it.
package struct MetricResource: Sendable, Hashable {
    package var id: String
    /// A node's host name; nil for an instance.
    package var hostname: String?
    package var vcpus: Int?
    /// MiB.
    package var memory: Int?
    /// GiB.
    package var disk: Int?

    package init(id: String, hostname: String? = nil, vcpus: Int? = nil, memory: Int? = nil, disk: Int? = nil) {
        self.id = id
        self.hostname = hostname
        self.vcpus = vcpus
        self.memory = memory
        self.disk = disk
    }
}

/// Why a datasource gave nothing.
package struct DatasourceError: Error, Sendable, Hashable, CustomStringConvertible {
    package var datasource: String
    /// What was asked, and what came of it.
    package var reason: String

    package init(_ datasource: String, _ reason: String) {
        self.datasource = datasource
        self.reason = reason
    }

    package var description: String { "datasource \(datasource): \(reason)" }
}
