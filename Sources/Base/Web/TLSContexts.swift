// SPDX-License-Identifier: Apache-2.0
internal import HummingbirdCore
internal import Logging
internal import NIOCore
package import NIOSSL
internal import Synchronization

/// What a server's TLS is made of, for the connections that come from now on: those that are there keep what they began
/// with.
package final class TLSContexts: Sendable {
    private let context: Mutex<NIOSSLContext>

    package init(_ configuration: TLSConfiguration) throws {
        context = Mutex(try NIOSSLContext(configuration: configuration))
    }

    package func use(_ configuration: TLSConfiguration) throws {
        let new = try NIOSSLContext(configuration: configuration)
        context.withLock { $0 = new }
    }

    fileprivate var current: NIOSSLContext { context.withLock { $0 } }
}

/// HTTP over TLS, each connection with the context of its time.
struct TLSHTTPChannel: HTTPChannelHandler {
    let base: HTTP1Channel
    let contexts: TLSContexts

    var responder: Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: contexts.current))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
