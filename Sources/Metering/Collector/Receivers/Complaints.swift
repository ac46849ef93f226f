// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Synchronization

/// Tells of refused messages in the log: the first of a reason at once, then at most one line a minute for it with how
/// many there were, so that a sender who goes wrong doesn't fill the log.
final class Complaints: Sendable {
    private struct State {
        var nextLine: ContinuousClock.Instant
        var untold = 0
    }

    private let states = Mutex<[Refusal.Reason: State]>([:])
    private let receiver: String
    private let log: Logger
    private let pause: Duration

    init(_ receiver: CollectorCounters.Receiver, log: Logger, pause: Duration = .seconds(60)) {
        self.receiver = receiver.rawValue
        self.log = log
        self.pause = pause
    }

    func note(_ reason: Refusal.Reason, _ detail: String, from sender: String) {
        let count = states.withLock { states -> Int? in
            let now = ContinuousClock.now
            var state = states[reason] ?? State(nextLine: now)
            state.untold += 1
            defer { states[reason] = state }
            guard now >= state.nextLine else { return nil }
            defer { state = State(nextLine: now + pause) }
            return state.untold
        }
        guard let count else { return }
        log.warning(
            "messages were refused",
            metadata: [
                "receiver": "\(receiver)", "reason": "\(reason.rawValue)", "count": "\(count)",
                "last.from": "\(sender)",
                "last.detail": "\(detail)",
            ])
    }
}
