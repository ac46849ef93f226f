// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Synchronization
internal import Telemetry

/// A thread and, on it, one connection. Whoever asks waits no longer than a deadline; the call itself can't be
/// stopped, so a lane whose deadline passed is given up by its owner, and closes itself should the call ever return.
final class Lane: Sendable {
    /// The lane's connection. Its box goes from job to job on the lane's one queue.
    private final class Seat: @unchecked Sendable {  // touched only by jobs on the lane's serial queue
        var connection: Connection?
    }

    private let uri: String
    /// nil where its connection need not hear events.
    private let onEvent: (@Sendable (DomainEvent) -> Void)?
    private let queue = DispatchQueue(label: "libvirt.lane")
    private let seat = Seat()
    /// How to tell those who wait for their turn that it won't come, by number; nil once the lane is given up.
    private let waiting = Mutex<Waiting?>(Waiting())

    private struct Waiting {
        var next = 0
        var refusals: [Int: @Sendable () -> Void] = [:]
    }

    init(uri: String, onEvent: (@Sendable (DomainEvent) -> Void)?) {
        self.uri = uri
        self.onEvent = onEvent
    }

    /// Runs `body` with an open connection, opening it first where there is none. A connection that broke since it
    /// was last used is opened anew, once.
    ///
    /// - Throws: ``LibvirtError/Reason/deadline`` or ``LibvirtError/Reason/cancelled`` while the call is still running:
    ///   then the caller must give the lane up. ``LibvirtError/Reason/notBegun`` where somebody else gave it up before.
    func run<Value: Sendable>(
        until deadline: MonotonicTime, _ action: String,
        _ body: @escaping @Sendable (Connection) throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        let limit = max(0, deadline.seconds(since: .now))
        let tenths = Int((limit * 10).rounded())
        let late = LibvirtError(
            reason: .deadline, action: action, message: "no answer within \(tenths / 10).\(tenths % 10) s")
        let answer = Answer<Value>()
        let notBegun = LibvirtError(reason: .notBegun, action: action, message: "an earlier call hangs")
        let turn = takeTurn { answer.give(.failure(notBegun)) }
        queue.async { [self] in
            guard begin(turn) else { return answer.give(.failure(notBegun)) }
            answer.give(Result { () throws(LibvirtError) in try attempt(body) })
        }
        let timer = DispatchWorkItem { answer.give(.failure(late)) }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: timer)
        defer { timer.cancel() }
        let cancelled = LibvirtError(reason: .cancelled, action: action, message: "cancelled")
        return try await answer.wait(orCancelledAs: cancelled).get()
    }

    /// Nothing more will be run here; a connection that a hanging call holds is closed when that call returns.
    func giveUp(whenFree: @escaping @Sendable () -> Void) {
        let refused = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting?.refusals
        }
        for refuse in (refused ?? [:]).values { refuse() }
        queue.async { [seat] in
            seat.connection = nil
            whenFree()
        }
    }

    private func takeTurn(orElse refuse: @escaping @Sendable () -> Void) -> Int? {
        waiting.withLock { waiting in
            guard let turn = waiting?.next else { return nil }
            waiting?.next += 1
            waiting?.refusals[turn] = refuse
            return turn
        }
    }

    /// - Returns: whether the call whose turn it is may begin.
    private func begin(_ turn: Int?) -> Bool {
        guard let turn else { return false }
        return waiting.withLock { $0?.refusals.removeValue(forKey: turn) != nil }
    }

    private func attempt<Value>(
        _ body: (Connection) throws(LibvirtError) -> Value
    ) throws(LibvirtError) -> Value {
        if let connection = seat.connection, connection.isAlive {
            do throws(LibvirtError) {
                return try body(connection)
            } catch let error where error.isDisconnection {
                seat.connection = nil
            }
        }
        seat.connection = nil
        let connection = try Connection(uri: uri, onEvent: onEvent)
        seat.connection = connection
        return try body(connection)
    }
}
