// SPDX-License-Identifier: Apache-2.0

/// The newest points, in memory and sorted by time within each series, until they are rolled into blocks. The journal
/// in the database holds the same points, so that nothing is lost with the process.
struct Head: Sendable {
    /// By series.
    private var points: [[Point]] = []
    /// The time up to which a series may have points in blocks, by series.
    private var rolledThrough: [Int64] = []
    private(set) var count = 0

    enum Placing: Hashable {
        case new
        /// A point of this instant and this message is here.
        case duplicate
        /// It may be in a block: only the database knows.
        case perhapsInBlock
    }

    subscript(series: Int32) -> [Point] {
        points.indices.contains(Int(series)) ? points[Int(series)] : []
    }

    func last(_ series: Int32) -> Point? {
        points.indices.contains(Int(series)) ? points[Int(series)].last : nil
    }

    /// A copy of the last points, which doesn't hold on to all of them.
    func suffix(_ series: Int32, _ count: Int) -> [Point] {
        points.indices.contains(Int(series)) ? Array(points[Int(series)].suffix(count)) : []
    }

    /// The series that have points here, ascending.
    var series: [Int32] { points.indices.filter { !points[$0].isEmpty }.map { Int32($0) } }

    func rolled(_ series: Int32) -> Int64 {
        rolledThrough.indices.contains(Int(series)) ? rolledThrough[Int(series)] : .min
    }

    func placing(_ arrival: Arrival) -> Placing {
        let series = Int(arrival.series)
        guard series < points.count else { return .new }
        let known = points[series]
        if let last = known.last, last.time >= arrival.point.time {
            var index = known.firstIndex(notBefore: arrival.point.time)
            while index < known.count, known[index].time == arrival.point.time {
                if known[index].id == arrival.point.id { return .duplicate }
                index += 1
            }
        }
        return arrival.point.time <= rolledThrough[series] ? .perhapsInBlock : .new
    }

    mutating func insert(_ arrival: Arrival) {
        let series = Int(arrival.series)
        extend(to: series)
        count += 1
        if let last = points[series].last, last.time > arrival.point.time {
            points[series].insert(arrival.point, at: points[series].firstIndex(notBefore: arrival.point.time + 1))
        } else {
            points[series].append(arrival.point)
        }
    }

    /// Takes back what was inserted.
    mutating func remove(_ arrival: Arrival) {
        let series = Int(arrival.series)
        guard series < points.count, let index = points[series].lastIndex(of: arrival.point) else { return }
        points[series].remove(at: index)
        count -= 1
    }

    /// All points of a series are in blocks now.
    mutating func roll(_ series: Int32) {
        let last = points[Int(series)].last?.time ?? .min
        markRolled(series, through: last)
        count -= points[Int(series)].count
        points[Int(series)] = []
    }

    mutating func markRolled(_ series: Int32, through time: Int64) {
        extend(to: Int(series))
        rolledThrough[Int(series)] = max(rolledThrough[Int(series)], time)
    }

    private mutating func extend(to series: Int) {
        guard series >= points.count else { return }
        points += Array(repeating: [], count: series + 1 - points.count)
        rolledThrough += Array(repeating: .min, count: series + 1 - rolledThrough.count)
    }
}

extension RandomAccessCollection<Point> where Index == Int {
    /// Where the first point at or after a time is; the end where there is none.
    func firstIndex(notBefore time: Int64) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
