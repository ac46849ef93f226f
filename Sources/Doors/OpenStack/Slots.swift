// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Lets so many in at a time; the others wait in the order they came, and may be cancelled as they wait.
final class Slots: Sendable {
    private struct State {
        var free: Int
        var next: UInt64 = 0
        var first: UInt64 = 0
        /// By their numbers; who was cancelled is missing.
        var waiting: [UInt64: CheckedContinuation<Void, any Error>] = [:]

        mutating func popFirst() -> CheckedContinuation<Void, any Error>? {
            while first < next {
                first += 1
                if let continuation = waiting.removeValue(forKey: first - 1) { return continuation }
            }
            return nil
        }
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func withSlot<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws {
        let isIn = state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        if isIn { return try leaveIfCancelled() }
        let number = state.withLock { state in
            state.next += 1
            return state.next - 1
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    // Whoever is cancelled from here on finds itself among those who wait.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiting[number] = continuation
                    // One with a later number may have been quicker to wait, and been let in since.
                    state.first = min(state.first, number)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: number) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    private func leaveIfCancelled() throws {
        guard Task.isCancelled else { return }
        leave()
        throw CancellationError()
    }

    private func leave() {
        let next = state.withLock { state in
            let next = state.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
