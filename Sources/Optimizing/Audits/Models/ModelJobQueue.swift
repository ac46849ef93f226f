// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Synchronization

/// What is to be done to a model, in order; of notifications so many at most.
final class ModelJobQueue: Sendable {
    enum Job: Sendable {
        case synchronise
        /// With its number: only the latest counts.
        case connected(Int)
        case disconnected
        case notification(Notification)
    }

    private struct State {
        /// Notifications: waiting, and dropped since somebody last looked.
        var waiting = 0, dropped = 0
        var connections = 0
    }

    /// For one reader.
    let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation
    private let mostWaiting: Int
    private let state = Mutex(State())

    init(mostWaiting: Int) {
        self.mostWaiting = mostWaiting
        (jobs, continuation) = AsyncStream.makeStream()
    }

    func synchronise() { continuation.yield(.synchronise) }

    func add(_ news: FeedNews) {
        switch news {
        case .connected:
            continuation.yield(
                .connected(
                    state.withLock { state in
                        state.connections += 1
                        return state.connections
                    }))
        case .disconnected: continuation.yield(.disconnected)
        case .notification(let notification): add(notification)
        }
    }

    /// Counts it as dropped where too many wait.
    func add(_ notification: Notification) {
        let isTaken = state.withLock { state in
            guard state.waiting < mostWaiting else {
                state.dropped += 1
                return false
            }
            state.waiting += 1
            return true
        }
        if isTaken { continuation.yield(.notification(notification)) }
    }

    /// A notification has been read.
    func noteTaken() { state.withLock { $0.waiting -= 1 } }

    /// Whether no later one waits.
    func isLatest(connection: Int) -> Bool { state.withLock { $0.connections == connection } }

    func takeDropped() -> Int {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }
}
