// SPDX-License-Identifier: Apache-2.0
internal import Digests

/// Who of some members has which key: each member stands at 128 places of a circle of 2^64, the first eight bytes of
/// SHA-256 over `member#number`; a key belongs to the first at or after its own place, SHA-256 over the key. Whoever
/// knows the same members finds the same, and one who comes or goes moves only a part like its own.
struct HashRing: Sendable, Hashable {
    private static let places = 128

    private struct Point: Sendable, Hashable {
        var place: UInt64
        var member: String
    }

    private let points: [Point]

    init(_ members: Set<String>) {
        points = members.flatMap { member in
            (0..<Self.places).map { Point(place: Self.place("\(member)#\($0)"), member: member) }
        }.sorted { ($0.place, $0.member) < ($1.place, $1.member) }
    }

    /// nil where there is no member.
    func owner(of key: String) -> String? {
        let place = Self.place(key)
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].place < place { low = middle + 1 } else { high = middle }
        }
        return (low < points.count ? points[low] : points.first)?.member
    }

    private static func place(_ text: String) -> UInt64 {
        SHA256.digest(of: Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
