// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// The table of what each service's bad nights cost; `HYPSOMETER_NIGHT_REPORT` names a file for it.
package enum NightReport {
    private static let rows = Mutex<[(key: String, text: String)]>([])
    private static let file = ProcessInfo.processInfo.environment["HYPSOMETER_NIGHT_REPORT"]

    private static let head = """
        | What | Fault | What is seen |
        |---|---|---|

        """

    /// Adds a row and writes the table anew, in the order of the keys.
    package static func add(_ key: String, _ what: String, _ fault: String, _ seen: String) throws {
        let text = "| \(what) | \(fault) | \(seen) |"
        print(text)
        try rows.withLock { rows in
            rows.removeAll { $0.key == key }
            rows.insert((key, text), at: rows.firstIndex { $0.key > key } ?? rows.endIndex)
            guard let file else { return }
            try Data((head + rows.map { $0.text + "\n" }.joined()).utf8).write(to: URL(filePath: file))
        }
    }
}
