// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// The table of all faults; see ``MatrixSettings``.
enum FaultReport {
    private struct Row {
        var place: Int
        var text: String
    }

    private static let rows = Mutex<[Row]>([])

    private static let head = """
        | Fault | What may be missing | What was missing | All there again |
        |---|---|---|---|

        """

    /// Adds a row and writes the table anew.
    ///
    /// - Parameter place: in the table; rows of one place stand in their own order.
    static func add(_ place: Int, _ fault: String, mayMiss: String, _ loss: Loss) throws {
        let recovery = loss.recovery.map { String(format: "after %.1f s", $0) } ?? "no"
        let row = Row(place: place, text: "| \(fault) | \(mayMiss) | \(loss.words) | \(recovery) |")
        print(row.text)
        try rows.withLock { rows in
            rows.insert(row, at: rows.firstIndex { $0.place > place } ?? rows.endIndex)
            guard let file = MatrixSettings.reportFile else { return }
            try Data((head + rows.map { $0.text + "\n" }.joined()).utf8).write(to: URL(filePath: file))
        }
    }
}
