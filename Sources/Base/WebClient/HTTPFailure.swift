// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Settings

/// Why no answer came, in words for an operator.
package struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    private static let timeouts: [HTTPClientError] = [.connectTimeout, .deadlineExceeded, .readTimeout]

    package let description: String

    /// - Parameter limit: how long an answer was waited for.
    package init(_ error: any Error, after limit: Duration) {
        description = Self.reason(error, limit).shortened(to: 300)
    }

    private static func reason(_ error: any Error, _ limit: Duration) -> String {
        switch error {
        case let error as HTTPClientError where timeouts.contains(error): return noAnswer(limit)
        // The head of an answer may have come; which of the two limits is first is chance otherwise.
        case is TimeLimitExceeded: return noAnswer(limit)
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "the other side closed the connection"
        case is HTTPParserError: return "what answers there speaks no HTTP"
        case is NIOTooManyBytesError: return "an answer that is too long"
        case let error as IOError: return "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
        case let error as NIOConnectionError:
            let causes =
                error.connectionErrors.map { reason($0.error, limit) }
                + [error.dnsAError, error.dnsAAAAError].compactMap { $0.map { "\($0)" } }
            return "could not connect to \(error.host):\(error.port): \(causes.first ?? "no address")"
        default: return "\(error)"
        }
    }

    private static func noAnswer(_ limit: Duration) -> String {
        "no answer within \(Int((limit / .seconds(1)).rounded(.up))) s"
    }

    /// Whether it was for the connection alone, so that another one may do better at once.
    package static func isOfConnection(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case is NIOConnectionError, is ChannelError: true
        case let error as IOError: [ECONNREFUSED, ECONNRESET, EPIPE, ECONNABORTED].contains(error.errnoCode)
        default: false
        }
    }
}
