// SPDX-License-Identifier: Apache-2.0

/// How often something reports, told from the times of what came last.
struct Pace: Sendable, Hashable {
    /// Samples take a while from their instant to here.
    private static let patience: Int64 = 5_000_000

    /// Microseconds from one to the next, as a rule; nil where too little came to tell.
    var step: Int64?
    /// The newest instant, in microseconds since 1970.
    var last: Int64

    init(step: Int64?, last: Int64) {
        self.step = step
        self.last = last
    }

    /// - Parameter points: sorted by time. Of three the median of the steps counts, so that one gap is no pace; two
    ///   points tell none, as an agent's first two readings may stand close together.
    init?(_ points: [Point]) {
        guard let last = points.last?.time else { return nil }
        let steps = zip(points, points.dropFirst()).map { $1.time - $0.time }.filter { $0 > 0 }.sorted()
        self.init(step: steps.count < 2 ? nil : steps[(steps.count - 1) / 2], last: last)
    }

    /// Microseconds since the next one was due, where half a step and five seconds have gone since; else 0.
    func late(at now: Int64) -> Int64 {
        guard let step else { return 0 }
        let overdue = now - last - step
        return overdue > step / 2 + Self.patience ? overdue : 0
    }
}
