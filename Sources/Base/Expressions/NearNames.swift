// SPDX-License-Identifier: Apache-2.0

/// Finds the names somebody may have meant.
package enum NearNames {
    /// At most three of `names`, the nearest first: few letters away from `name`, or beginning like it.
    package static func of(_ name: String, among names: some Sequence<String>) -> [String] {
        let wanted = Array(name.lowercased())
        let allowed = max(1, wanted.count / 3)
        let near: [(name: String, steps: Int)] = Set(names).compactMap { candidate in
            let other = Array(candidate.lowercased())
            let steps = distance(wanted, other)
            if steps <= allowed { return (candidate, steps) }
            return wanted.count >= 3 && other.starts(with: wanted) ? (candidate, allowed + 1) : nil
        }
        return near.sorted { ($0.steps, $0.name) < ($1.steps, $1.name) }.prefix(3).map(\.name)
    }

    /// Letters to insert, delete, replace or swap with their neighbour to turn one into the other.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let replaced = rows[i][j] + (left[i] == right[j] ? 0 : 1)
                var best = min(replaced, rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
