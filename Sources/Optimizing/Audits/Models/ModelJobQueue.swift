// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Synchronization

/// What is to be done to a model, in order; of notifications so many at most.
final class ModelJobQueue: Sendable {
    enum Job: Sendable {
        case synchronise
        case notification(Notification)
    }

    /// For one reader.
    let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation
    private let mostWaiting: Int
    /// Notifications: waiting, and dropped since somebody last looked.
    private let counts = Mutex((waiting: 0, dropped: 0))

    init(mostWaiting: Int) {
        self.mostWaiting = mostWaiting
        (jobs, continuation) = AsyncStream.makeStream()
    }

    func synchronise() { continuation.yield(.synchronise) }

    /// Counts it as dropped where too many wait.
    func add(_ notification: Notification) {
        let isTaken = counts.withLock { counts in
            guard counts.waiting < mostWaiting else {
                counts.dropped += 1
                return false
            }
            counts.waiting += 1
            return true
        }
        if isTaken { continuation.yield(.notification(notification)) }
    }

    /// A notification has been read.
    func noteTaken() { counts.withLock { $0.waiting -= 1 } }

    func takeDropped() -> Int {
        counts.withLock { counts in
            defer { counts.dropped = 0 }
            return counts.dropped
        }
    }
}
