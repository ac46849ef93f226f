// SPDX-License-Identifier: Apache-2.0

/// That something was not done in its time.
package struct TimeLimitExceeded: Error, Sendable, Hashable, CustomStringConvertible {
    package var limit: Duration

    package init(limit: Duration) { self.limit = limit }

    package var description: String { "no whole answer within \(limit.components.seconds) s" }
}

/// What `body` returns; where it isn't done in time it is cancelled, and ``TimeLimitExceeded`` thrown.
///
/// AsyncHTTPClient's own deadline ends with the head of an answer: a server that hangs in the middle of the body would
/// be waited for without end.
package func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard limit > .zero else { throw TimeLimitExceeded(limit: limit) }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit, clock: .suspending)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else { throw TimeLimitExceeded(limit: limit) }
        return value
    }
}
