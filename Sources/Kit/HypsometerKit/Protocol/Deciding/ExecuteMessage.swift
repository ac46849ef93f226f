// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import JSONText
package import Optimization

/// The call of a strategy: all that it decides by.
package struct ExecuteMessage: Sendable {
    package var name: String
    package var parameters: JSONObject
    package var options: JSONObject
    /// By collector, as ``ModelMessage`` writes them.
    package var models: [String: WireValue]
    package var metrics: PrefetchedMetrics
    package var seed: UInt64
    package var isExplaining: Bool

    package init(_ name: String, _ context: StrategyContext, metrics: PrefetchedMetrics) throws(WireError) {
        self.name = name
        parameters = context.parameters.json
        options = context.options.json
        models = [:]
        for (name, model) in context.models { models[name] = try ModelMessage.value(model) }
        self.metrics = metrics
        seed = context.seed
        isExplaining = context.isExplaining
    }

    package init(_ value: WireValue) throws(WireError) {
        name = try value.text("name")
        parameters = try value.jsonObject("parameters")
        options = try value.jsonObject("options")
        models = [:]
        if case .object(let entries)? = value["models"] { for entry in entries { models[entry.key] = entry.value } }
        metrics = PrefetchedMetrics()
        let tables = try value.list("metrics") { item throws(WireError) in
            var found: [String: Double] = [:]
            guard case .object(let values)? = item["values"] else {
                throw WireError("values", found: item["values"]?.shown ?? "nothing", allowed: "an object")
            }
            for entry in values { found[entry.key] = try item["values"]?.number(entry.key) }
            return (try MetricQuery(message: item), found)
        }
        for (query, found) in tables { metrics.set(query, to: found) }
        // As a text, as not every language's numbers have 64 bits.
        guard let seed = UInt64(try value.optionalText("seed") ?? "0") else {
            throw WireError("seed", found: value["seed"]?.shown ?? "", allowed: "a whole number as a text")
        }
        self.seed = seed
        isExplaining = try value.flag("explain")
    }

    package var value: WireValue {
        let tables = metrics.values.sorted { $0.key.sorting < $1.key.sorting }.map { query, found -> WireValue in
            guard case .object(let entries) = query.message else { return .null }
            let values = found.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, .real($0.value)) }
            return .object(entries + [.init("values", .object(values))])
        }
        return .object([
            "namespace": .string("watcher_strategies"), "name": .string(name), "parameters": WireValue(parameters),
            "options": WireValue(options),
            "models": .object(models.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, $0.value) }),
            "metrics": .array(tables), "seed": .string("\(seed)"), "explain": .bool(isExplaining),
        ])
    }
}

extension MetricQuery {
    /// So that a call is the same bytes each time.
    fileprivate var sorting: String { "\(metric) \(resourceKind.rawValue) \(period) \(aggregate)" }
}
