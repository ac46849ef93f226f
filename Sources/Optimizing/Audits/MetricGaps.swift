// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

/// What was not measured of what a strategy decides by.
enum MetricGaps {
    /// A line for each statistic that not all nodes or instances have.
    static func found(by strategy: any Strategy, _ context: StrategyContext) async throws -> [String] {
        guard let planning = strategy as? any MetricPlanning, let model = context.models["compute"] as? ModelRoot else {
            return []
        }
        var seen: Set<MetricQuery> = []
        return try await planning.queries(context.parameters).filter { seen.insert($0).inserted }.compactMap { query in
            let isOfNodes = query.resourceKind == .computeNode
            let resources =
                isOfNodes
                ? model.allNodes.map { (id: $0.uuid, name: $0.hostname) }
                : model.allInstances.map { (id: $0.uuid, name: $0.name) }
            let missing = resources.filter { context.metrics.value(of: query, for: $0.id) == nil }
            guard let first = missing.first else { return nil }
            let period = query.period == query.period.rounded() ? "\(Int(query.period))" : "\(query.period)"
            return "no \(query.metric) of the last \(period) s for \(missing.count) of \(resources.count) "
                + "\(isOfNodes ? "nodes" : "instances"), such as \(first.name ?? first.id)"
        }
    }
}
