// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Synchronization

/// What lies between a consumer's thread and whoever deals with its messages.
final class DeliveryBox: Sendable {
    struct Answer: Sendable {
        enum Outcome: Sendable { case acknowledged, requeued, refused }

        var tag: BusDelivery.Tag
        var outcome: Outcome

        init(_ tag: BusDelivery.Tag, _ outcome: Outcome) {
            self.tag = tag
            self.outcome = outcome
        }
    }

    private struct State {
        /// Of the connection that there is.
        var connection: Int?
        var waiting: [BusDelivery] = []
        var answers: [Answer] = []
        var asker: (most: Int, continuation: CheckedContinuation<[BusDelivery]?, Never>)?
        /// Given to the asker and not answered for.
        var outstanding: Set<BusDelivery.Tag> = []
        /// When the thread ends at the latest.
        var end: ContinuousClock.Instant?
        var isFinished = false

        /// What the asker gets, if it is time.
        mutating func due() -> (CheckedContinuation<[BusDelivery]?, Never>, [BusDelivery]?)? {
            guard let asker, !waiting.isEmpty || isFinished || end != nil else { return nil }
            self.asker = nil
            if isFinished || end != nil { return (asker.continuation, nil) }
            let first = Array(waiting.prefix(asker.most))
            waiting.removeFirst(first.count)
            outstanding.formUnion(first.map(\.tag))
            return (asker.continuation, first)
        }
    }

    private let state = Mutex(State())
    /// -1 where the process had no descriptors left: then the thread looks again and again.
    private let bell: (read: Int32, write: Int32)
    private static let deafPause = Duration.milliseconds(50)

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { ends = [-1, -1] }
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        bell = (ends[0], ends[1])
    }

    deinit {
        for end in [bell.read, bell.write] where end >= 0 { Glibc.close(end) }
    }

    // MARK: for whoever deals with messages

    func next(upTo most: Int) async -> [BusDelivery]? {
        await withCheckedContinuation { continuation in
            change { state in
                precondition(state.asker == nil, "two tasks ask for messages")
                state.asker = (max(most, 1), continuation)
            }
        }
    }

    func answer(_ answers: [Answer]) {
        // Those of a connection that is gone mean nothing.
        state.withLock { state in state.answers += answers.filter { $0.tag.connection == state.connection } }
        ring()
    }

    func isCurrent(_ tag: BusDelivery.Tag) -> Bool { state.withLock { $0.connection == tag.connection } }

    /// - Parameter patience: how long answers for what was given out are waited for.
    func stop(patience: Duration) {
        let end = ContinuousClock.now + patience
        change { $0.end = min($0.end ?? end, end) }
        ring()
    }

    // MARK: for the thread

    var isStopping: Bool { state.withLock { $0.end != nil } }

    /// Whether it is told to stop, and nothing is missing any more, or it is time.
    var isEnding: Bool {
        state.withLock { state in
            state.end.map { $0 <= .now || state.outstanding.isEmpty && state.answers.isEmpty } ?? false
        }
    }

    /// What comes from now on is of another connection, or of none: the broker hands out again what was not answered
    /// for.
    func begin(_ connection: Int?) {
        state.withLock { state in
            state.waiting = []
            state.answers = []
            state.outstanding = []
            state.connection = connection
        }
    }

    func put(_ delivery: BusDelivery) { change { $0.waiting.append(delivery) } }

    func takeAnswers() -> [Answer] {
        state.withLock { state in
            defer { state.answers = [] }
            state.outstanding.subtract(state.answers.map(\.tag))
            return state.answers
        }
    }

    func finish() { change { $0.isFinished = true } }

    /// Until something is there to be read, an answer came, or it is time.
    func wait(for limit: Duration, or descriptor: Int32? = nil) {
        var descriptors = [pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0)]
        if let descriptor { descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        let limit = bell.read < 0 ? min(limit, Self.deafPause) : limit
        let (seconds, attoseconds) = limit.components
        poll(
            &descriptors, nfds_t(descriptors.count),
            Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000))
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(bell.read, &bytes, bytes.count) > 0 {}
    }

    private func change(_ body: (inout sending State) -> Void) {
        let due = state.withLock { state in
            body(&state)
            return state.due()
        }
        if let (continuation, deliveries) = due { continuation.resume(returning: deliveries) }
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = write(bell.write, &byte, 1)  // a pipe that is full rings already
    }
}
