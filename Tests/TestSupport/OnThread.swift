// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Runs what blocks on a thread of its own: neither Swift's few threads nor Dispatch's, which a server in the same
/// process needs, wait for it.
package func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
