// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Optimization

extension StrategyDeclaration {
    /// - Parameter name: the entry point's.
    package init(_ name: String, message value: WireValue) throws(WireError) {
        func parameters(_ key: String) throws(WireError) -> [Parameter] {
            try value.list(key) { item throws(WireError) in try Parameter(message: item) }
        }
        self.init(
            name: name, displayName: try value.optionalText("display_name") ?? name, goal: try value.text("goal"),
            planner: try value.optionalText("planner") ?? "weight", parameters: try parameters("parameters"),
            options: try parameters("options"), models: try value.texts("models"),
            metrics: try value.texts("metrics"))
        for metric in metrics where MetricQuery.ResourceKind(ofMetric: metric) == nil {
            throw WireError(
                "metrics", found: WireValue.string(metric).shown, allowed: "names that begin with host_ or instance_")
        }
    }

    package var message: WireValue {
        .object([
            "display_name": .string(displayName), "goal": .string(goal), "planner": .string(planner),
            "parameters": .array(parameters.map(\.message)), "options": .array(options.map(\.message)),
            "models": .texts(models), "metrics": .texts(metrics),
        ])
    }
}

extension MetricQuery.ResourceKind {
    /// What a metric is of, as its name tells; nil for a name that doesn't.
    package init?(ofMetric name: String) {
        if name.hasPrefix("host_") {
            self = .computeNode
        } else if name.hasPrefix("instance_") {
            self = .instance
        } else {
            return nil
        }
    }
}

extension MetricQuery {
    package init(message value: WireValue) throws(WireError) {
        let kind = try value.text("resource_kind")
        guard let resourceKind = ResourceKind(rawValue: kind) else {
            throw WireError("resource_kind", found: WireValue.string(kind).shown, allowed: "compute_node, instance")
        }
        let aggregate = try value.optionalText("aggregate") ?? "mean"
        guard ["mean", "min", "max", "count"].contains(aggregate) else {
            throw WireError(
                "aggregate", found: WireValue.string(aggregate).shown, allowed: "mean, min, max, count")
        }
        let period = try value.number("period")
        guard period > 0, period < 1e9 else {
            throw WireError("period", found: "\(period)", allowed: "seconds above 0")
        }
        let granularity = value["granularity"]
        self.init(
            try value.text("metric"), resourceKind, period: period, aggregate: aggregate,
            granularity: granularity == nil || granularity == .null ? nil : try value.number("granularity"))
    }

    package var message: WireValue {
        .object([
            "metric": .string(metric), "resource_kind": .string(resourceKind.rawValue), "period": .real(period),
            "aggregate": .string(aggregate), "granularity": granularity.map { .real($0) } ?? .null,
        ])
    }
}
