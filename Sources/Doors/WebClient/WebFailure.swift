// SPDX-License-Identifier: Apache-2.0
internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Why no answer came, in words for an operator.
package struct WebFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// A connection that had been there went away: the server may have closed an idle one at the same instant, and a
        /// new one may do better at once.
        case connectionLost
        /// There was none to be had.
        case notConnected
        /// The two sides don't trust each other, or agree on no TLS.
        case tls
        case other
    }

    package let kind: Kind
    package let description: String

    private init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// - Parameter limit: how long the whole answer was waited for; nil where whoever waited says so.
    init(_ error: any Error, _ options: WebClient.Options, limit: Duration?) {
        self = Self.failure(error, options, limit: limit)
    }

    /// Of a listener that can't listen, and the like.
    package static func words(of error: any Error) -> String {
        (error as? IOError).map { words($0) } ?? "\(error)"
    }

    private static func failure(_ error: any Error, _ options: WebClient.Options, limit: Duration?) -> WebFailure {
        // The head of an answer may have come; which of the two limits is first is chance otherwise.
        let late = WebFailure(.other, limit.map { "no answer within \($0.wholeSeconds) s" } ?? "no answer in time")
        switch error {
        case is TimeLimitExceeded: return late
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .readTimeout: return late
            case .connectTimeout where options.connectionTimeout == limit: return late
            case .connectTimeout, .tlsHandshakeTimeout:
                return WebFailure(.other, "no connection within \(options.connectionTimeout.wholeSeconds) s")
            case .remoteConnectionClosed: return WebFailure(.connectionLost, "the other side closed the connection")
            case .invalidURL, .emptyHost, .emptyScheme: return WebFailure(.other, "no URL that can be asked")
            default: return WebFailure(.other, "\(error)")
            }
        case is ChannelError: return WebFailure(.connectionLost, "the connection was closed")
        case is HTTPParserError: return WebFailure(.other, "what answers there speaks no HTTP")
        case is NIOTooManyBytesError:
            return WebFailure(.other, "an answer of over \(options.longestAnswer >> 20) MiB")
        case let error as IOError:
            let kind: Kind =
                switch error.errnoCode {
                case ECONNRESET, EPIPE, ECONNABORTED: .connectionLost
                case ECONNREFUSED: .notConnected
                default: .other
                }
            return WebFailure(kind, words(error))
        case let error as NIOConnectionError:
            let causes =
                error.connectionErrors.map { failure($0.error, options, limit: limit).description }
                + [error.dnsAError, error.dnsAAAAError].compactMap { $0.map { "\($0)" } }
            return WebFailure(
                .notConnected, "could not connect to \(error.host):\(error.port): \(causes.first ?? "no address")")
        default:
            // The library's words may be long, and have another's in them.
            if let words = TLSWords.of(error) { return WebFailure(.tls, words) }
            return WebFailure(.other, String("\(error)".unicodeScalars.prefix(300)))
        }
    }

    private static func words(_ error: IOError) -> String {
        "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int { Int((self / .seconds(1)).rounded(.up)) }
}
