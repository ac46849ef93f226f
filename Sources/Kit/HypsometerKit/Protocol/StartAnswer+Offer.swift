// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import JSONText
package import Optimization

extension StartAnswer.Entry {
    /// What an entry point of the optimizing namespaces says of itself.
    package enum Offer: Sendable, Hashable {
        case goal(Goal)
        /// - Parameter plansMetrics: whether it is asked beforehand which statistics it will read.
        case strategy(StrategyDeclaration, plansMetrics: Bool)
        case planner(options: [Parameter])
        case scoringEngine(summary: String, metainfo: String)
        /// - Parameters:
        ///   - kind: what strategies call its model.
        ///   - filters: of its notification endpoints, in their order.
        case collector(kind: String, options: [Parameter], filters: [NotificationFilter])
    }
}

extension StartAnswer.Entry.Offer {
    /// - Returns: nil for a namespace whose entries say nothing of this kind.
    init?(_ value: WireValue, namespace: String, name: String) throws(WireError) {
        /// The object that has to be there, and errors in it named.
        func read<Value>(_ key: String, _ body: (WireValue) throws(WireError) -> Value) throws(WireError) -> Value {
            guard let part = value[key], case .object = part else {
                throw WireError(
                    key, found: value[key]?.shown ?? "nothing", allowed: "an object for [\(namespace)] \(name)")
            }
            do throws(WireError) {
                return try body(part)
            } catch {
                throw error.inside(key)
            }
        }
        func options(_ part: WireValue) throws(WireError) -> [Parameter] {
            try part.list("options") { item throws(WireError) in try Parameter(message: item) }
        }
        switch namespace {
        case EntryPoint.goals:
            self = .goal(try read("goal") { part throws(WireError) in try Goal(name, message: part) })
        case EntryPoint.strategies:
            self = try read("strategy") { part throws(WireError) in
                .strategy(
                    try StrategyDeclaration(name, message: part), plansMetrics: try part.flag("plans_metrics"))
            }
        case EntryPoint.planners:
            self = .planner(options: value["planner"] == nil ? [] : try read("planner", options))
        case EntryPoint.scoringEngines:
            self = try read("scoring_engine") { part throws(WireError) in
                .scoringEngine(
                    summary: try part.text("summary"), metainfo: try part.optionalText("metainfo") ?? "")
            }
        case EntryPoint.collectors:
            self = try read("collector") { part throws(WireError) in
                .collector(
                    kind: try part.optionalText("kind") ?? name, options: try options(part),
                    filters: try part.list("notification_endpoints") { item throws(WireError) in
                        try NotificationFilter(message: item)
                    })
            }
        default: return nil
        }
    }

    var entry: WireValue.Entry {
        switch self {
        case .goal(let goal): .init("goal", goal.message)
        case .strategy(let declaration, let plansMetrics):
            if case .object(let entries) = declaration.message {
                .init("strategy", .object(entries + [.init("plans_metrics", .bool(plansMetrics))]))
            } else {
                .init("strategy", declaration.message)
            }
        case .planner(let options): .init("planner", .object(["options": .array(options.map(\.message))]))
        case .scoringEngine(let summary, let metainfo):
            .init("scoring_engine", .object(["summary": .string(summary), "metainfo": .string(metainfo)]))
        case .collector(let kind, let options, let filters):
            .init(
                "collector",
                .object([
                    "kind": .string(kind), "options": .array(options.map(\.message)),
                    "notification_endpoints": .array(filters.map(\.message)),
                ]))
        }
    }
}
