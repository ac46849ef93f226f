// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Daemon
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Settings

/// Why no answer came, in words for an operator.
struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    private static let timeouts: [HTTPClientError] = [.connectTimeout, .deadlineExceeded, .readTimeout]

    let description: String

    init(_ error: any Error, after timeout: TimeAmount) {
        let reason: String
        switch error {
        case let error as HTTPClientError where Self.timeouts.contains(error):
            reason = "no answer within \(timeout.nanoseconds / 1_000_000_000) s"
        // The head of an answer may have come; which of the two limits is first is chance otherwise.
        case is TimeLimitExceeded: reason = "no answer within \(timeout.nanoseconds / 1_000_000_000) s"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            reason = "the other side closed the connection"
        case is HTTPParserError: reason = "what answers there speaks no HTTP"
        case let error as IOError: reason = "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
        case let error as NIOConnectionError:
            let causes =
                error.connectionErrors.map { "\($0.error)" }
                + [error.dnsAError, error.dnsAAAAError].compactMap {
                    $0.map { "\($0)" }
                }
            reason = "could not connect to \(error.host):\(error.port): \(causes.first ?? "no address")"
        default: reason = "\(error)"
        }
        description = reason.shortened(to: 300)
    }

    /// Whether it was for the connection alone, so that another one may do better at once.
    static func isOfConnection(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case is NIOConnectionError, is ChannelError: true
        case let error as IOError: [ECONNREFUSED, ECONNRESET, EPIPE, ECONNABORTED].contains(error.errnoCode)
        default: false
        }
    }
}
