// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB

/// What storing costs where nothing else is done: the same readings as rows of a table without an index.
enum BareTable {
    static let rowsInATransaction = 10_000

    /// - Returns: CPU seconds of this process for so many rows, by the quickest way that GRDB has.
    static func fill(_ path: String, rows: Int) throws -> Double {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            try database.execute(sql: "CREATE TABLE s(t INTEGER, r INTEGER, m INTEGER, v REAL)")
        }
        let begin = processCPU()
        for first in stride(from: 0, to: rows, by: rowsInATransaction) {
            try queue.write { database in
                let statement = try database.makeStatement(sql: "INSERT INTO s VALUES (?, ?, ?, ?)")
                for row in first..<min(rows, first + rowsInATransaction) {
                    let time = 1_795_000_000_000_000 + Int64(row / 2000) * 10_000_000
                    statement.setUncheckedArguments(
                        [time, row % 100, row / 100 % 20, Double(row) * 1.25])
                    try statement.execute()
                }
            }
        }
        let seconds = processCPU() - begin
        try queue.close()
        return seconds
    }

    private static func processCPU() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
