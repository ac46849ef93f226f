// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import NIOCore
internal import NIOHTTP1

/// One scraper's connection: GET and HEAD of any path, as in Ceilometer; written as fast as the other side reads.
final class ExporterHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Of a request's body, which nobody needs.
    private static let mostBody = 1 << 16

    private let makePage: @Sendable (PrometheusDialect) -> ExpositionPage
    private var head: HTTPRequestHead?
    private var bodyBytes = 0
    private var page: ExpositionPage?
    private var isKept = false

    init(page: @escaping @Sendable (PrometheusDialect) -> ExpositionPage) { makePage = page }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyBytes = 0
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if bodyBytes > Self.mostBody { context.close(promise: nil) }
        case .end:
            if let head { answer(head, context) }
            head = nil
        }
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // Without chunks only the connection's end tells where the text ends.
        isKept = request.isKeepAlive && request.version == .http1_1
        var headers: HTTPHeaders = isKept ? [:] : ["Connection": "close"]
        guard request.method == .GET || request.method == .HEAD else {
            headers.add(name: "Allow", value: "GET, HEAD")
            headers.add(name: "Content-Length", value: "0")
            write(HTTPResponseHead(version: request.version, status: .methodNotAllowed, headers: headers), context)
            return finish(context)
        }
        let dialect = Self.dialect(accepting: request.headers[canonicalForm: "Accept"])
        headers.add(name: "Content-Type", value: dialect.contentType)
        headers.add(name: "Vary", value: "Accept")
        write(HTTPResponseHead(version: request.version, status: .ok, headers: headers), context)
        if request.method == .HEAD { return finish(context) }
        page = makePage(dialect)
        writeMore(context)
    }

    /// The text form, whose counters bear Ceilometer's names, unless only OpenMetrics is asked for, whose counters may
    /// not.
    static func dialect(accepting fields: [Substring]) -> PrometheusDialect {
        let types = fields.filter { field in
            let quality = field.split(separator: ";").map(\.trimmedSpaces).first { $0.hasPrefix("q=") }
            return quality.flatMap { Double($0.dropFirst(2)) } != 0
        }.map { $0.prefix { $0 != ";" }.trimmedSpaces.lowercased() }
        let takesText = types.contains { ["text/plain", "text/*", "*/*"].contains($0) }
        return !takesText && types.contains("application/openmetrics-text") ? .openMetrics : .text
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeMore(context)
        context.fireChannelWritabilityChanged()
    }

    private func writeMore(_ context: ChannelHandlerContext) {
        guard page != nil else { return }
        while context.channel.isWritable {
            guard let bytes = page?.next() else {
                page = nil
                return finish(context)
            }
            if bytes.isEmpty { continue }
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
    }

    private func write(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        guard !isKept else { return }
        let channel = context.channel
        sent.whenComplete { _ in channel.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A scraper that goes away, or no scraper at all: its connection ends, and nobody needs to know.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension Substring {
    fileprivate var trimmedSpaces: Substring { drop { $0 == " " }.prefix { $0 != " " } }
}
