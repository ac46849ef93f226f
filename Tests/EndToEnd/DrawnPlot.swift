// SPDX-License-Identifier: Apache-2.0
import Testing

/// A plot, read from the document: its table, and its lines as they are drawn.
struct DrawnPlot {
    struct Point: Hashable, CustomStringConvertible {
        var time: Int
        var value: Double
        var description: String { "\(time): \(value)" }
    }

    var stretch: Int
    /// The end of the values' axis.
    var top: Double
    private var from: Double
    private var to: Double
    private var text: String

    init(_ page: String, id: String) throws {
        let start = try #require(page.firstRange(of: "id=\"\(id)\" data-stretch="), "there is no plot \(id)")
        let end = try #require(page[start.upperBound...].firstRange(of: "</figure>"))
        let text = String(page[start.lowerBound..<end.lowerBound])
        self.text = text
        stretch = Int(try Self.number("data-stretch", in: text))
        top = try Self.number("data-top", in: text)
        from = try Self.number("data-from", in: text) / 1000
        to = try Self.number("data-to", in: text) / 1000
    }

    private static func number(_ attribute: String, in text: String) throws -> Double {
        let shape = try Regex("\(attribute)=\"([0-9.]+)\"", as: (Substring, Substring).self)
        let match = try #require(text.firstMatch(of: shape), "the plot has no \(attribute)")
        return try #require(Double(match.output.1))
    }

    /// A column of the table, the oldest first.
    func rows(_ column: Int) -> [Point] {
        text.matches(of: #/<tr data-key="([0-9]+)">(.*?)</tr>/#).reversed().compactMap { row in
            let cells = row.output.2.matches(of: #/<td class="number"(?: data-value="([^"]*)")?>/#)
            guard cells.indices.contains(column), let text = cells[column].output.1, let value = Double(text),
                let time = Int(row.output.1)
            else { return nil }
            return Point(time: time / 1000, value: value)
        }
    }

    /// Each run of points that a line joins, in seconds since 1970 and the plot's unit; empty where there is no line.
    func runs(_ line: Int) throws -> [[(time: Double, value: Double)]] {
        let shape = try Regex(#"class="line line-\#(line)" d="([^"]*)""#, as: (Substring, Substring).self)
        guard let path = text.firstMatch(of: shape)?.output.1 else { return [] }
        return path.split(separator: "M").map { run in
            run.replacing("h0", with: "").split(separator: "L").compactMap { point in
                let numbers = point.split(separator: " ").compactMap { Double($0) }
                guard numbers.count == 2 else { return nil }
                return (from + numbers[0] / 1000 * (to - from), (200 - numbers[1]) / 200 * top)
            }
        }
    }
}
