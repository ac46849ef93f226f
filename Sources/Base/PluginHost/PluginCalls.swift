// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HypsometerKit
internal import JSONText
internal import Synchronization
internal import Telemetry

/// The calls of one plug-in that wait for their answers, and what has still to be written to it.
///
/// Whoever calls writes too, as far as the pipe takes it at once, since waking the plug-in's thread for it would take
/// longer than the writing.
final class PluginCalls: Sendable {
    typealias Completion = @Sendable (Result<WireValue, any Error>) -> Void

    private struct Call {
        var method: String
        /// When its caller gives up: no fault of the plug-in's, as a cycle may have begun late.
        var givenUp: MonotonicTime
        /// When the plug-in is taken to hang.
        var due: MonotonicTime
        /// nil once the caller has given up or was cancelled; an answer may still come.
        var complete: Completion?
    }

    private struct State {
        var nextID = 1
        var calls: [Int: Call] = [:]
        /// Cancelled before they were made.
        var cancelled: Set<Int> = []
        /// Made before the plug-in has answered its start.
        var held: [[UInt8]] = []
        var unsent: ArraySlice<UInt8> = []
        /// -1 where there is nobody.
        var input: Int32 = -1
        var isReady = false
        var life = 0
        /// Why calls fail at once; nil where they are taken.
        var refusal: (any Error)? = nil
        /// When the thread looks again by itself.
        var looksAgain = MonotonicTime.now
    }

    private let state = Mutex(State())
    /// What an answer may take.
    private let timeout: Duration

    init(timeout: Duration) { self.timeout = timeout }

    func newID() -> Int {
        state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
    }

    /// - Parameter patience: what the caller will wait at most; nil where that is as long as an answer may take.
    /// - Returns: whether the plug-in's thread has to look after it.
    func submit(
        _ id: Int, _ method: String, _ parameters: [UInt8], within patience: Duration?,
        _ complete: @escaping Completion
    ) -> Bool {
        let line = RPCRequest.line(id, method, parameters)
        let (refusal, isWanted) = state.withLock { state -> ((any Error)?, Bool) in
            if state.cancelled.remove(id) != nil { return (CancellationError(), false) }
            if let refusal = state.refusal { return (refusal, false) }
            let now = MonotonicTime.now
            let patience = min(patience ?? timeout, timeout)
            let call = Call(
                method: method, givenUp: now + patience, due: now + timeout, complete: complete)
            state.calls[id] = call
            if method == PluginProtocol.Method.start.rawValue || state.isReady {
                state.unsent += line
                Self.flush(&state)
            } else {
                state.held.append(line)
            }
            return (nil, !state.unsent.isEmpty || call.givenUp < state.looksAgain)
        }
        if let refusal { complete(.failure(refusal)) }
        return isWanted
    }

    /// Sends the answer to a call of the plug-in's; it is dropped where the program that called is gone.
    ///
    /// - Returns: whether the plug-in's thread has to look after it.
    func reply(_ line: [UInt8], toLife life: Int) -> Bool {
        state.withLock { state in
            guard state.life == life, state.input >= 0 else { return false }
            state.unsent += line
            Self.flush(&state)
            return !state.unsent.isEmpty
        }
    }

    /// Which program it is, from the first.
    var life: Int { state.withLock { $0.life } }

    /// Nobody wants its answer any more.
    func cancel(_ id: Int) {
        let complete = state.withLock { state -> Completion? in
            guard let complete = state.calls[id]?.complete else {
                if state.calls[id] == nil { state.cancelled.insert(id) }
                return nil
            }
            state.calls[id]?.complete = nil
            return complete
        }
        complete?(.failure(CancellationError()))
    }

    /// - Returns: false where nobody made that call.
    func answer(_ id: Int, _ result: Result<WireValue, RPCError>) -> Bool {
        guard let call = state.withLock({ $0.calls.removeValue(forKey: id) }) else { return false }
        call.complete?(result.mapError { $0 as any Error })
        return true
    }

    // MARK: For the plug-in's thread

    /// A program is there; its start may be called.
    func open(input: Int32) {
        state.withLock { state in
            state.input = input
            state.life += 1
            state.refusal = nil
        }
    }

    /// The program has answered its start: what was held goes out.
    func becomeReady() {
        state.withLock { state in
            state.isReady = true
            for line in state.held { state.unsent += line }
            state.held = []
            Self.flush(&state)
        }
    }

    /// Nothing is written any more, so that the descriptor can be closed.
    func closeInput() {
        state.withLock { state in
            state.input = -1
            state.unsent = []
        }
    }

    /// - Returns: how many milliseconds there are to wait at most, and whether there is something to write.
    func plan(now: MonotonicTime) -> (milliseconds: Int32, isWriting: Bool) {
        state.withLock { state in
            let due = state.calls.values.map { $0.complete == nil ? $0.due : $0.givenUp }.min()
            let wait = min(due.map { max(0, $0.seconds(since: now)) } ?? 60, 60)
            state.looksAgain = now + .seconds(wait)
            return (Int32((wait * 1000).rounded(.up)), !state.unsent.isEmpty)
        }
    }

    func write() { state.withLock { Self.flush(&$0) } }

    /// A call that the plug-in has left unanswered for too long, in words.
    func overdue(now: MonotonicTime) -> String? {
        state.withLock { state in
            state.calls.values.first { $0.due <= now }.map {
                "did not answer \($0.method) within \(timeout.inSeconds)"
            }
        }
    }

    /// Lets callers go whose patience is over.
    func giveUp(now: MonotonicTime, plugin: String) {
        let calls = state.withLock { state -> [Call] in
            let late = state.calls.filter { $0.value.complete != nil && $0.value.givenUp <= now }
            for id in late.keys { state.calls[id]?.complete = nil }
            return Array(late.values)
        }
        for call in calls {
            call.complete?(
                .failure(PluginError(plugin, "did not answer \(call.method) in the time that its caller had")))
        }
    }

    /// Whether nobody waits.
    var isIdle: Bool { state.withLock { $0.calls.values.allSatisfy { $0.complete == nil } } }

    /// The program is gone: all that wait fail.
    ///
    /// - Parameter refusal: what calls get from now on; nil where the next program is about to start.
    /// - Returns: how many failed.
    func fail(_ error: PluginError, refusal: PluginError?) -> Int {
        let calls = state.withLock { state -> [Call] in
            defer {
                state.calls = [:]
                state.held = []
                state.unsent = []
                state.input = -1
                state.isReady = false
                state.refusal = refusal
            }
            return Array(state.calls.values)
        }
        for call in calls { call.complete?(.failure(error)) }
        return calls.count
    }

    private static func flush(_ state: inout State) {
        while !state.unsent.isEmpty, state.input >= 0 {
            let count = state.unsent.withUnsafeBytes { Glibc.write(state.input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Full, or nobody reads any more, which reading will tell.
            guard count > 0 else { return }
            state.unsent = state.unsent.dropFirst(count)
        }
        state.unsent = []
    }
}
