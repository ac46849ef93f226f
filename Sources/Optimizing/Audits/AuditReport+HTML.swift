// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

extension AuditReport {
    /// A page that needs nothing else: load per node before and after, each action with its reason, efficacy.
    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(strategy.displayName.html): \(count)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <h1>\(strategy.displayName.html)</h1>
        <p>Strategy <code>\(strategy.name.html)</code>, goal <code>\(strategy.goal.html)</code>: \
        <strong>\(count)</strong>\(plan.actions.isEmpty ? "" : ", recommended")\
        \(datasource.map { ", by metrics of \($0.html)" } ?? "").</p>
        \(notes)\(efficacy)\(nodes)\(actions)\(settings)
        </body>
        </html>

        """
    }

    private var count: String { "\(plan.actions.count) action\(plan.actions.count == 1 ? "" : "s")" }

    private var notes: String {
        let lines = remarks + problems.map { "Would be refused: \($0)" }
        return lines.isEmpty ? "" : "<ul class=\"notes\">\(lines.map { "<li>\($0.html)</li>" }.joined())</ul>\n"
    }

    private var efficacy: String {
        let figures = solution.globalEfficacy + solution.indicators
        guard !figures.isEmpty else { return "" }
        let rows = figures.map { figure in
            "<tr><th scope=\"row\">\(figure.name.html)</th><td>\(figure.value.short)\(figure.unit.isEmpty ? "" : " " + figure.unit.html)</td></tr>"
        }
        return "<h2>Efficacy</h2>\n<table>\(rows.joined())</table>\n"
    }

    private var nodes: String {
        guard !loads.isEmpty else { return "" }
        let heading = loadHeadings.map { "<th scope=\"col\">\($0.html)</th>" }.joined()
        let rows = loads.map { load in
            let counts =
                load.instancesBefore == load.instancesAfter
                ? "\(load.instancesBefore)" : "\(load.instancesBefore) → \(load.instancesAfter)"
            return
                "<tr><th scope=\"row\">\(load.node.html)</th><td>\(counts)</td>\(load.changes.map(Self.cell).joined())</tr>"
        }
        return """
            <h2>Nodes</h2>
            <p class="key"><span class="bar before"></span> before <span class="bar after"></span> after</p>
            <div class="wide"><table class="nodes"><thead><tr><th scope="col">node</th><th scope="col">instances</th>\(heading)</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>

            """
    }

    private static func cell(_ change: NodeLoad.Change) -> String {
        func bar(_ value: Double?, _ name: String) -> String {
            guard let value else { return "" }
            return "<span class=\"bar \(name)\" style=\"width:\(Int(min(100, max(0, value)) * 1.2))px\"></span>"
        }
        func text(_ value: Double?) -> String { value.map { "\($0.short) %" } ?? "?" }
        let words =
            change.before == change.after ? text(change.before) : "\(text(change.before)) → \(text(change.after))"
        return
            "<td>\(bar(change.before, "before"))\(bar(change.after, "after"))<span class=\"figure\">\(words)</span></td>"
    }

    private var actions: String {
        guard !plan.actions.isEmpty else { return "<h2>Actions</h2>\n<p>There is nothing to do.</p>\n" }
        let reasons = Dictionary(
            solution.explanations.filter { $0.verdict == .chosen }.map { ($0.subject.id, $0.reason) }
        ) { $1 }
        let rows = plan.actions.enumerated().map { index, action in
            let id = action.parameters["resource_id"]?.string ?? ""
            let name = action.parameters["resource_name"]?.string ?? id
            let parents = action.parents?.summary ?? ""
            return
                "<tr><td>\(index)</td><td><code>\(action.type.html)</code></td><td title=\"\(id.html)\">\(name.html)</td>"
                + "<td>\(action.details.html)</td><td>\((reasons[id] ?? "").html)</td><td>\(parents)</td></tr>"
        }
        return """
            <h2>Actions</h2>
            <div class="wide"><table class="actions"><thead><tr><th>#</th><th>action</th><th>of</th><th>details</th><th>why</th><th>after</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div>

            """
    }

    private var settings: String {
        parameters.isEmpty
            ? ""
            : "<h2>Parameters</h2>\n<table>"
                + parameters.entries.map {
                    "<tr><th scope=\"row\">\($0.key.html)</th><td><code>\($0.value.json.html)</code></td></tr>"
                }.joined() + "</table>\n"
    }

    private static let style = """
        :root{color-scheme:light dark;--text:#1b1f24;--page:#fff;--line:#d5dae0;--before:#9aa7b5;--after:#1f6feb}
        @media(prefers-color-scheme:dark){:root{--text:#e4e8ec;--page:#14181d;--line:#343b44;--before:#6b7885;--after:#58a6ff}}
        body{font:15px/1.45 system-ui,sans-serif;color:var(--text);background:var(--page);margin:2rem auto;max-width:75rem;padding:0 1rem}
        table{border-collapse:collapse}th,td{text-align:left;padding:.3rem .8rem;border-bottom:1px solid var(--line);vertical-align:top}
        tbody th{font-weight:600}.bar{display:block;height:.5rem;margin:.15rem 0;border-radius:2px}
        .before{background:var(--before)}.after{background:var(--after)}
        .wide{overflow-x:auto}.figure{white-space:nowrap}.nodes tbody th,.actions td{min-width:2rem;max-width:26rem;overflow-wrap:break-word}
        .key .bar{display:inline-block;width:1.2rem}.notes{border-left:3px solid var(--after);padding-left:1.5rem}
        """
}

extension Double {
    /// With one decimal at most.
    fileprivate var short: String {
        let rounded = (self * 10).rounded() / 10
        return Int(exactly: rounded).map { String($0) } ?? String(rounded)
    }
}

extension String {
    /// As text of a page.
    fileprivate var html: String {
        reduce(into: "") { text, character in
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
