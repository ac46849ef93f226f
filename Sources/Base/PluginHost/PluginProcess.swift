// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc
internal import HypsometerKit
internal import JSONText
internal import Logging
internal import Synchronization
internal import Telemetry

/// A plug-in at work: its program, a thread that listens to it, and its start anew when it ends.
///
/// A thread, not an actor: it waits for pipes, and the program is killed when the thread that started it ends.
final class PluginProcess: Sendable {
    /// How it is, for people.
    struct Condition: Sendable, Hashable {
        enum State: String, Sendable { case starting, running, restarting, quarantined, disabled, failed, stopped }

        var state: State
        var reason = ""
    }

    /// What a plug-in gets to put its affairs in order after its input was closed.
    static let grace = Duration.seconds(2)

    let name: String
    let path: String
    let start: StartMessage
    let policy: RestartPolicy
    let log: Logger
    let calls: PluginCalls
    /// Answers what the plug-in calls of ours; nil where it may call nothing.
    let hostCalls: HostCalls?
    private let onChange: @Sendable (Condition) -> Void
    private let condition = Mutex(Condition(state: .starting))
    private let first = Mutex<Result<StartAnswer, PluginError>?>(nil)
    private let isStarted = DispatchGroup()
    private let isFinished = DispatchGroup()
    private let stopping = Mutex(false)
    let wake: Wakeup

    init(
        name: String, path: String, start: StartMessage, timeout: Duration, policy: RestartPolicy, log: Logger,
        hostCalls: HostCalls? = nil, onChange: @escaping @Sendable (Condition) -> Void
    ) {
        self.name = name
        self.path = path
        self.start = start
        calls = PluginCalls(timeout: timeout)
        self.policy = policy
        self.hostCalls = hostCalls
        self.log = log
        self.onChange = onChange
        wake = Wakeup()
    }

    /// Once.
    func begin() {
        isStarted.enter()
        isFinished.enter()
        DispatchQueue(label: "plugin.\(name)").async { [self] in
            run()
            isFinished.leave()
        }
    }

    /// Blocks until the plug-in has answered its first start, or can't.
    func waitForStart() -> Result<StartAnswer, PluginError> {
        isStarted.wait()
        return first.withLock { $0 } ?? .failure(PluginError(name, "was stopped"))
    }

    /// - Parameter patience: when the caller gives up, where that is sooner than a plug-in is taken to hang.
    func call(
        _ method: String, _ parameters: [UInt8], within patience: Duration? = nil
    ) async throws -> WireValue {
        let id = calls.newID()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(id, method, parameters, within: patience) { continuation.resume(with: $0) }
            }
        } onCancel: {
            calls.cancel(id)
        }
    }

    /// The same for threads that may wait.
    func callBlocking(_ method: String, _ parameters: [UInt8]) throws -> WireValue {
        let answer = Mutex<Result<WireValue, any Error>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
        submit(calls.newID(), method, parameters, within: nil) { result in
            answer.withLock { $0 = result }
            isThere.signal()
        }
        isThere.wait()
        return try (answer.withLock { $0 } ?? .failure(PluginError(name, "gave no answer"))).get()
    }

    private func submit(
        _ id: Int, _ method: String, _ parameters: [UInt8], within patience: Duration?,
        _ complete: @escaping PluginCalls.Completion
    ) {
        if calls.submit(id, method, parameters, within: patience, complete) { wake.up() }
    }

    /// Asks for the end: calls that wait may finish first where it is `gentle`.
    func stop(gently gentle: Bool = false) {
        if gentle, !calls.isIdle {
            // A reload replaces it; its last cycle may still be under way, and ends by each call's own limit.
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) { [self] in stop(gently: true) }
            return
        }
        stopping.withLock { $0 = true }
        wake.up()
    }

    /// Blocks until nothing of it is left.
    func waitForEnd() { isFinished.wait() }

    /// Whether nothing of it is left.
    var hasEnded: Bool { isFinished.wait(timeout: .now()) == .success }

    // MARK: For the thread

    var isStopping: Bool { stopping.withLock { $0 } }

    func settleStart(_ result: Result<StartAnswer, PluginError>) {
        let isFirst = first.withLock { first in
            defer { first = first ?? result }
            return first == nil
        }
        if isFirst { isStarted.leave() }
    }

    var firstAnswer: StartAnswer? { first.withLock { try? $0?.get() } }

    func note(_ new: Condition) {
        let isNew = condition.withLock { condition in
            defer { condition = new }
            return condition != new
        }
        if isNew { onChange(new) }
    }

    var currentCondition: Condition { condition.withLock { $0 } }
}
