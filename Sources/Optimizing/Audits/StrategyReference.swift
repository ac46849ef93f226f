// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
package import Optimization

/// What strategies say of themselves, for people: the command line and the documents tell the same.
package enum StrategyReference {
    /// All of them with their goals, and the goals' further names.
    package static func list(_ catalog: AuditCatalog) -> String {
        let rows = catalog.strategies.map(\.declaration).map { declaration in
            [declaration.name, declaration.goal, declaration.displayName]
        }
        let mapped = catalog.mappedGoals.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        return TextTable.text([["strategy", "goal", "is"]] + rows)
            + (mapped.isEmpty ? "" : "\n" + TextTable.text([["further goal", "served by"]] + mapped))
    }

    /// One of them with all that it takes.
    package static func text(_ declaration: StrategyDeclaration) -> String {
        var text = "\(declaration.displayName): strategy \(declaration.name), goal \(declaration.goal), "
        text += "planner \(declaration.planner)\nneeds \(needs(declaration))\n"
        for (title, parameters) in [("parameter", declaration.parameters), ("option", declaration.options)]
        where !parameters.isEmpty {
            let rows = rows(parameters).map { [$0.name, $0.fallback, $0.allowed, $0.help] }
            text += "\n" + TextTable.text([[title, "default", "allowed", "is"]] + rows)
        }
        return text
    }

    /// The same in Markdown, with a heading of the third level.
    package static func markdown(_ declaration: StrategyDeclaration) -> String {
        var text = """
            ### \(declaration.name)

            \(declaration.displayName). Goal `\(declaration.goal)`, planner `\(declaration.planner)`; \
            needs \(needs(declaration)).

            """
        let sections = [
            ("Parameter", declaration.parameters),
            ("Option in `[watcher_strategies.\(declaration.name)]`", declaration.options),
        ]
        for (title, parameters) in sections where !parameters.isEmpty {
            text += "\n| \(title) | Default | Allowed | What it is |\n|---|---|---|---|\n"
            for row in rows(parameters) {
                let fallback = row.fallback.isEmpty ? "" : "`\(row.fallback)`"
                text += "| `\(row.name)` | \(fallback) | \(row.allowed) | \(row.help) |\n"
            }
        }
        return text
    }

    /// All of them in Markdown.
    package static func markdown(_ catalog: AuditCatalog) -> String {
        catalog.strategies.map { markdown($0.declaration) }.joined(separator: "\n")
    }

    private static func needs(_ declaration: StrategyDeclaration) -> String {
        let models = declaration.models.isEmpty ? "no model" : "model " + declaration.models.joined(separator: ", ")
        return models + (declaration.metrics.isEmpty ? "" : "; metrics " + declaration.metrics.joined(separator: ", "))
    }

    private struct Row {
        var name: String
        /// As JSON; empty for none.
        var fallback: String
        var allowed: String
        var help: String
    }

    /// Each parameter, and after it what is inside of it: `aggregation_method.instance`.
    ///
    /// - Parameter whole: the default of what they are inside of.
    private static func rows(
        _ parameters: [Parameter], inside path: String = "", of whole: JSONValue? = nil
    ) -> [Row] {
        parameters.flatMap { parameter in
            let name = path + parameter.name
            let fallback = whole?[parameter.name] ?? parameter.fallback
            let inner = rows(parameter.inner, inside: name + ".", of: fallback)
            let row = Row(
                name: name, fallback: inner.isEmpty ? fallback?.json ?? "" : "",
                allowed: parameter.kind.allowed + (parameter.isRequired ? " (required)" : ""), help: parameter.help)
            return [row] + inner
        }
    }
}

extension Parameter {
    /// The parameters that its values have; empty where they aren't objects.
    fileprivate var inner: [Parameter] {
        var kind = kind
        while true {
            switch kind {
            case .list(let item), .nullable(let item): kind = item
            case .object(let parameters, _, _): return parameters
            default: return []
            }
        }
    }
}
