// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Lets one task wait for another's word, whichever comes first. Words nobody waits for are one.
final class Wakeup: Sendable {
    private struct State {
        var isDue = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes who waits, or who waits next.
    func now() {
        let waiter = state.withLock { state in
            state.isDue = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// For one task at a time.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                defer { state.isDue = false }
                if !state.isDue { state.waiter = continuation }
                return state.isDue
            }
            if isDue { continuation.resume() }
        }
    }
}
