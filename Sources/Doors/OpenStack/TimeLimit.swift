// SPDX-License-Identifier: Apache-2.0

/// Ends what takes too long.
enum TimeLimit {
    /// What `body` returns; where it isn't done in time it is cancelled, and `error` thrown.
    static func run<Value: Sendable>(
        _ limit: Duration, orThrow error: CloudError, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard limit > .zero else { throw error }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit, clock: .suspending)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else { throw error }
            return value
        }
    }
}
