// SPDX-License-Identifier: Apache-2.0

/// Batches that wait in memory, of a bounded size together; the oldest go first.
struct HeldBatches: Sendable {
    private(set) var batches: [SpooledBatch] = []
    private let mostBytes: Int
    private var bytes = 0

    init(mostBytes: Int) { self.mostBytes = mostBytes }

    var isEmpty: Bool { batches.isEmpty }
    var samples: Int { batches.reduce(0) { $0 + $1.samples } }

    /// - Parameter sent: a batch that may be half way through, which stays.
    /// - Returns: how many samples were dropped for it.
    mutating func append(_ batch: SpooledBatch, sparing sent: Int64) -> Int {
        batches.append(batch)
        bytes += batch.body.count
        var lost = 0
        while bytes > mostBytes, batches.count > 1,
            let oldest = batches.dropLast().firstIndex(where: { $0.sequence != sent })
        {
            lost += batches[oldest].samples
            bytes -= batches.remove(at: oldest).body.count
        }
        return lost
    }

    /// - Returns: whether it was here.
    mutating func remove(_ sequence: Int64) -> Bool {
        guard let index = batches.firstIndex(where: { $0.sequence == sequence }) else { return false }
        bytes -= batches.remove(at: index).body.count
        return true
    }

    mutating func removeAll() {
        batches = []
        bytes = 0
    }
}
