// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
package import Hummingbird
internal import Synchronization

/// How many bytes of request bodies are held at one time, by all requests together: a crowd of senders then costs time
/// and not all of the memory.
package final class ByteBudget: Sendable {
    /// Unpacked text is seldom more times as large as what was packed.
    private static let expansion = 16

    private let capacity: Int
    private let held = Mutex(0)

    /// - Parameter capacity: bytes.
    package init(_ capacity: Int) { self.capacity = capacity }

    /// What a request's body may come to.
    ///
    /// - Parameter limit: bytes that a body has at most, unpacked.
    package static func need(of request: Request, limit: Int) -> Int {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }), length >= 0 else { return limit }
        return min(limit, request.headers[.contentEncoding] == nil ? length : length.saturating(times: expansion))
    }

    /// - Throws: ``Problem`` 503 where so many bytes are not free.
    package func hold<Value>(_ bytes: Int, _ body: () async throws -> Value) async throws -> Value {
        let isFree = held.withLock { held in
            guard held == 0 || held + bytes <= capacity else { return false }
            held += bytes
            return true
        }
        guard isFree else {
            throw Problem(.serviceUnavailable, "Too many large requests are being read.", retryAfter: 1)
        }
        defer { held.withLock { $0 -= bytes } }
        return try await body()
    }
}

extension Int {
    fileprivate func saturating(times factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
