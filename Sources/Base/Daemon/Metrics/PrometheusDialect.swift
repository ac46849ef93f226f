// SPDX-License-Identifier: Apache-2.0

/// The two text forms that Prometheus and its kin read.
package enum PrometheusDialect: Sendable, Hashable {
    /// Prometheus' own, version 0.0.4.
    case text
    /// OpenMetrics 1.0: a counter's lines end in `_total`, and the text in `# EOF`.
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What a type without a better one is called.
    package var untyped: String { self == .text ? "untyped" : "unknown" }

    /// What stands before the lines of a metric, and the name that those begin with.
    ///
    /// - Parameters:
    ///   - name: one of ``name(_:)``.
    ///   - help: empty for none.
    package func head(_ name: String, type: String, help: String) -> (text: String, name: String) {
        let isSuffixed = self == .openMetrics && type == "counter"
        let family = isSuffixed && name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
        var text = ""
        if !help.isEmpty {
            let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            text += "# HELP \(family) \(self == .openMetrics ? escaped.replacing("\"", with: "\\\"") : escaped)\n"
        }
        return (text + "# TYPE \(family) \(type)\n", isSuffixed ? family + "_total" : family)
    }

    /// Letters, digits and underscores, not a digit first: what names of metrics and labels are made of.
    package static func name(_ text: String) -> String {
        let name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isNumber == false ? name : "_" + name
    }

    /// A label's value, without its quotation marks.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { [UInt8(ascii: "\\"), UInt8(ascii: "\""), 0x0A].contains($0) }) else {
            return text
        }
        return text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
