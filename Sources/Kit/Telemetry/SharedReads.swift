// SPDX-License-Identifier: Apache-2.0

/// Lets several ask for the same thing and reads it once: who comes first reads, the others get what that gave, be it
/// a value or an error. For what pollsters of one cycle share, with ``PollingCycle/number`` as the key.
public actor SharedReads<Key: Hashable & Sendable, Value: Sendable> {
    private enum Slot {
        case reading(waiting: [CheckedContinuation<Value, any Error>])
        case done(Result<Value, any Error>)
    }

    private let capacity: Int
    private var slots: [Key: Slot] = [:]
    /// What has been read, in the order in which that ended.
    private var finished: [Key] = []

    /// - Parameter capacity: how many are remembered; the one that ended first is forgotten first.
    public init(capacity: Int = 8) { self.capacity = capacity }

    /// - Parameter read: runs in the task of the one who comes first, and ends with it if that is cancelled.
    public func value(for key: Key, _ read: @Sendable () async throws -> Value) async throws -> Value {
        switch slots[key] {
        case .done(let result):
            return try result.get()
        case .reading:
            return try await withCheckedThrowingContinuation { join(key, $0) }
        case nil:
            slots[key] = .reading(waiting: [])
            let result: Result<Value, any Error>
            do { result = .success(try await read()) } catch { result = .failure(error) }
            finish(key, result)
            return try result.get()
        }
    }

    private func join(_ key: Key, _ continuation: CheckedContinuation<Value, any Error>) {
        guard case .reading(let waiting)? = slots[key] else { preconditionFailure("nobody is reading") }
        slots[key] = .reading(waiting: waiting + [continuation])
    }

    private func finish(_ key: Key, _ result: Result<Value, any Error>) {
        if case .reading(let waiting) = slots[key] {
            for continuation in waiting { continuation.resume(with: result) }
        }
        slots[key] = .done(result)
        finished.append(key)
        if finished.count > capacity { slots[finished.removeFirst()] = nil }
    }
}
