// SPDX-License-Identifier: Apache-2.0

/// Rows as text, in columns that line up.
package enum TextTable {
    package static func text(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            let line = cells.joined(separator: "  ")
            return (line.lastIndex { $0 != " " }.map { line[...$0] } ?? "") + "\n"
        }.joined()
    }
}
