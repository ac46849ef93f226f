// SPDX-License-Identifier: Apache-2.0

/// That something was not done in its time.
struct TimeLimitExceeded: Error {}

/// What `body` returns; where it isn't done in time it is cancelled.
///
/// - Parameter late: what is thrown then.
package func withTimeLimit<Value: Sendable>(
    _ limit: Duration, orThrow late: any Error, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard limit > .zero else { throw late }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit, clock: .suspending)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else { throw late }
        return value
    }
}
