// SPDX-License-Identifier: Apache-2.0

/// A process's figures of itself as Prometheus reads them. A distribution becomes a summary without quantiles, and a
/// gauge whose name ends in `_max`.
package struct PrometheusText {
    private let prefix: String
    private let help: String
    private let dialect: PrometheusDialect
    private var text = ""
    private var lastName = ""
    private var lineName = ""

    /// - Parameters:
    ///   - figures: sorted by name, as ``MetricsMemory/figures`` are.
    ///   - prefix: what all names begin with, where they stand beside others'.
    ///   - help: what is said of each; empty for nothing.
    package init(
        _ figures: [MetricsFigure], prefix: String = "", help: String = "", as dialect: PrometheusDialect = .text
    ) {
        self.prefix = prefix
        self.help = help
        self.dialect = dialect
        for figure in figures {
            switch figure.value {
            case .counter(let count): add(figure.name, "counter", figure, [("", "\(count)")])
            case .gauge: add(figure.name, "gauge", figure, [("", "\(figure)")])
            case .distribution(let count, let sum, _):
                add(figure.name, "summary", figure, [("_count", "\(count)"), ("_sum", "\(sum)")])
            }
        }
        for figure in figures {
            guard case .distribution(_, _, let largest) = figure.value else { continue }
            add(figure.name + "_max", "gauge", figure, [("", "\(largest)")])
        }
    }

    package var bytes: [UInt8] { Array(text.utf8) }

    private mutating func add(
        _ label: String, _ type: String, _ figure: MetricsFigure, _ lines: [(suffix: String, value: String)]
    ) {
        let name = PrometheusDialect.name(prefix + label)
        if name != lastName {
            let head = dialect.head(name, type: type, help: help)
            text += head.text
            lineName = head.name
        }
        lastName = name
        let labels = figure.labels.map {
            "\(PrometheusDialect.name($0.name))=\"\(PrometheusDialect.escaped($0.value))\""
        }
        let shown = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        for line in lines { text += "\(lineName)\(line.suffix)\(shown) \(line.value)\n" }
    }
}
