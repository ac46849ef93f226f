// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// The calls that passed their deadline and have not returned. Where libvirtd answers others meanwhile, it is a
/// guest's QEMU that hangs, one call for each; where it answers none, libvirtd itself does, and more calls would only
/// hang too.
final class HangingCalls: Sendable {
    private struct State {
        var next = 0
        var calls: Set<Int> = []
        /// Those that began to hang since anything was answered.
        var unanswered: Set<Int> = []
    }

    private let mostUnanswered: Int
    private let most: Int
    private let state = Mutex(State())

    init(mostUnanswered: Int, most: Int) {
        self.mostUnanswered = mostUnanswered
        self.most = most
    }

    var count: Int { state.withLock { $0.calls.count } }

    var areTooMany: Bool {
        state.withLock { $0.unanswered.count >= mostUnanswered || $0.calls.count >= most }
    }

    func noteAnswer() { state.withLock { $0.unanswered = [] } }

    /// - Returns: the call's number, for when it returns.
    func add() -> Int {
        state.withLock { state in
            state.next += 1
            state.calls.insert(state.next)
            state.unanswered.insert(state.next)
            return state.next
        }
    }

    func remove(_ call: Int) {
        state.withLock { state in
            state.calls.remove(call)
            state.unanswered.remove(call)
        }
    }
}
