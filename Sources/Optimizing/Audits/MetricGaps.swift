// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Optimization

/// What was not measured of what a strategy decides by.
package enum MetricGaps {
    /// A line for each statistic that not all nodes or instances have.
    package static func found(
        _ queries: [MetricQuery], _ model: ModelRoot, _ metrics: any MetricReader
    ) -> [String] {
        var seen: Set<MetricQuery> = []
        return queries.filter { seen.insert($0).inserted }.compactMap { query in
            let isOfNodes = query.resourceKind == .computeNode
            let resources =
                isOfNodes
                ? model.allNodes.map { (id: $0.uuid, name: $0.hostname) }
                : model.allInstances.map { (id: $0.uuid, name: $0.name) }
            let missing = resources.filter { metrics.value(of: query, for: $0.id) == nil }
            guard let first = missing.first else { return nil }
            let period = query.period == query.period.rounded() ? "\(Int(query.period))" : "\(query.period)"
            return "no \(query.metric) of the last \(period) s for \(missing.count) of \(resources.count) "
                + "\(isOfNodes ? "nodes" : "instances"), such as \(first.name ?? first.id)"
        }
    }
}

/// A strategy that could propose nothing, after something was not measured.
package struct DecidedBlind: Error, CustomStringConvertible {
    package var reason: any Error
    /// What was missing, line by line.
    package var gaps: [String]

    package var description: String { "\(reason); before that: \(gaps.joined(separator: "; "))" }
}
