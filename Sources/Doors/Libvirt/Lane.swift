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
    private let isGivenUp = Atomic(false)

    init(uri: String, onEvent: (@Sendable (DomainEvent) -> Void)?) {
        self.uri = uri
        self.onEvent = onEvent
    }

    /// Runs `body` with an open connection, opening it first where there is none. A connection that broke since it
    /// was last used is opened anew, once.
    ///
    /// - Throws: ``LibvirtError/Reason/deadline`` or ``LibvirtError/Reason/cancelled`` while the call is still running:
    ///   then the caller must give the lane up.
    func run<Value: Sendable>(
        until deadline: MonotonicTime, _ action: String,
        _ body: @escaping @Sendable (Connection) throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        let limit = max(0, deadline.seconds(since: .now))
        let tenths = Int((limit * 10).rounded())
        let late = LibvirtError(
            reason: .deadline, action: action, message: "no answer within \(tenths / 10).\(tenths % 10) s")
        let answer = Answer<Value>()
        queue.async { [self] in
            // Whoever queued up behind a call that hung has waited long enough.
            guard !isGivenUp.load(ordering: .acquiring) else { return answer.give(.failure(late)) }
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
        isGivenUp.store(true, ordering: .releasing)
        queue.async { [seat] in
            seat.connection = nil
            whenFree()
        }
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
