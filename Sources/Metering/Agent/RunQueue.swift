// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Runs that wait for one of the lanes that work them off, a run at a time each.
final class RunQueue: Sendable {
    private let runs: Mutex<ArraySlice<PollingPlan.Run>>

    init(_ runs: [PollingPlan.Run]) { self.runs = Mutex(runs[...]) }

    /// nil once all are taken.
    func next() -> PollingPlan.Run? { runs.withLock { $0.popFirst() } }

    /// A queue for each lane of a cycle; those of one source share theirs.
    ///
    /// - Parameter limit: lanes of one source; 0: as many as it has runs.
    static func lanes(for runs: [PollingPlan.Run], atMost limit: Int) -> [RunQueue] {
        guard limit > 0 else { return runs.map { RunQueue([$0]) } }
        return Dictionary(grouping: runs, by: \.source).values.flatMap { runs in
            // In any order, so that what hangs holds up now this one and now that.
            Array(repeating: RunQueue(runs.shuffled()), count: min(limit, runs.count))
        }
    }
}
