import NIOCore
import NIOHTTP1
import NIOWebSocket

/// One HTTP connection: gathers requests and sends what the core answers.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Larger bodies are refused.
    private static let largestBody = 1 << 20

    private let core: Core
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ core: Core) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
            isTooLarge = false
        case .body(let part):
            guard body.count + part.readableBytes <= HTTPHandler.largestBody else {
                isTooLarge = true
                return
            }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            self.head = nil
            serve(RESTRequest(head, body: body), head, context)
        }
    }

    private func serve(_ request: RESTRequest, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if isTooLarge {
            return send(RESTReply(413, .empty), .whole, head, context)
        }
        let address = context.remoteAddress?.ipAddress ?? "127.0.0.1"
        core.serve(request, from: address) { [self] reply, manner in
            guard context.channel.isActive else { return }
            send(reply, manner, head, context)
        }
    }

    private func send(
        _ reply: RESTReply, _ manner: RESTReply.Manner, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders(reply.headers)
        headers.add(name: "Content-Type", value: "application/json;charset=UTF-8")
        headers.add(name: "Content-Length", value: "\(reply.body.count)")
        headers.add(name: "Connection", value: head.isKeepAlive ? "keep-alive" : "close")
        let response = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        switch manner {
        case .never: return
        case .broken: context.close(promise: nil)
        case .whole:
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: reply.body)))), promise: nil)
            finish(head, context)
        case .truncated:
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            let half = reply.body.prefix(reply.body.count / 2)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: half)))), promise: nil)
            context.close(promise: nil)
        case .pieces(let pause):
            context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
            sendPieces(reply.body[...], max(1, (reply.body.count + 15) / 16), pause, head, context)
        }
    }

    private func sendPieces(
        _ rest: ArraySlice<UInt8>, _ size: Int, _ pause: Int64, _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        guard !rest.isEmpty else { return finish(head, context) }
        context.writeAndFlush(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: rest.prefix(size))))), promise: nil)
        core.after(milliseconds: pause) { [self] in
            sendPieces(rest.dropFirst(size), size, pause, head, context)
        }
    }

    private func finish(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let isKept = head.isKeepAlive
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !isKept { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What becomes no WebSocket is a request of HTTP and gets its answer.
        if error is NIOWebSocketUpgradeError { return }
        context.close(promise: nil)
    }
}
