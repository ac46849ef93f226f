// SPDX-License-Identifier: Apache-2.0

/// Figures in Prometheus' text format 0.0.4. A distribution becomes a summary without quantiles, and a gauge whose name
/// ends in `_max`.
package struct PrometheusText {
    private var text = ""
    private var lastName = ""

    /// - Parameter figures: sorted by name, as ``MetricsMemory/figures`` are.
    package init(_ figures: [MetricsFigure]) {
        for figure in figures {
            let name = Self.name(figure.name)
            switch figure.value {
            case .counter(let count): add(name, "counter", figure, [("", "\(count)")])
            case .gauge: add(name, "gauge", figure, [("", "\(figure)")])
            case .distribution(let count, let sum, _):
                add(name, "summary", figure, [("_count", "\(count)"), ("_sum", "\(sum)")])
            }
        }
        for figure in figures {
            guard case .distribution(_, _, let largest) = figure.value else { continue }
            add(Self.name(figure.name) + "_max", "gauge", figure, [("", "\(largest)")])
        }
    }

    package var bytes: [UInt8] { Array(text.utf8) }

    private mutating func add(
        _ name: String, _ type: String, _ figure: MetricsFigure, _ lines: [(suffix: String, value: String)]
    ) {
        if name != lastName { text += "# TYPE \(name) \(type)\n" }
        lastName = name
        let labels = figure.labels.map { "\(Self.name($0.name))=\"\(Self.escaped($0.value))\"" }
        let shown = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        for line in lines { text += "\(name)\(line.suffix)\(shown) \(line.value)\n" }
    }

    /// Letters, digits and underscores, not a digit first.
    private static func name(_ text: String) -> String {
        let name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isNumber == false ? name : "_" + name
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
