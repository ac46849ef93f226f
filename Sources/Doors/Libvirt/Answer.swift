// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// One answer that several may give: the first counts, the others are dropped.
final class Answer<Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, LibvirtError>
    private enum State {
        case open
        case waiting(CheckedContinuation<Outcome, Never>)
        case given(Outcome)
        case taken
    }

    private let state = Mutex(State.open)

    func give(_ outcome: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .open:
                state = .given(outcome)
                return nil
            case .waiting(let continuation):
                state = .taken
                return continuation
            case .given, .taken:
                return nil
            }
        }
        waiter?.resume(returning: outcome)
    }

    /// - Precondition: called once.
    func wait(orCancelledAs cancelled: LibvirtError) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let given: Outcome? = state.withLock { state in
                    if case .given(let outcome) = state {
                        state = .taken
                        return outcome
                    }
                    state = .waiting(continuation)
                    return nil
                }
                if let given { continuation.resume(returning: given) }
            }
        } onCancel: {
            give(.failure(cancelled))
        }
    }
}
