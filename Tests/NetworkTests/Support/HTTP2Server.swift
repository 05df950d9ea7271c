import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Network

/// A small server over TLS that speaks HTTP/2 as far as its answers need it, and HTTP/1.1 where that is agreed on. It stands
/// until the tests have ended.
///
/// Of requests it reads the frames and not what their header fields say; its answers name the stream that they are on.
final class HTTP2Server: Sendable {
    /// What it does with requests that have come whole.
    enum Manner: Sendable {
        /// Answers once so many of one connection wait, the last that came first.
        case together(Int)
        /// Says that it is going away and has taken up nothing, and ends the connection.
        case goesAway
        /// Refuses the stream as one that was not taken up.
        case refuses
        /// Answers one request of the first connection and then nothing more on it, as if its path had died; on every other
        /// connection it answers.
        case fallsSilent
    }

    /// What it saw.
    struct Log: Sendable {
        /// How many connections were made.
        var connections = 0
        /// Requests that came whole over HTTP/2.
        var requests = 0
        /// Bytes of bodies over HTTP/2.
        var bodyBytes = 0
        /// Requests over HTTP/1.1.
        var plainRequests = 0
    }

    let port: Int
    private let certificate: TestCertificate
    private let state: HTTP2State
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameter protocols: what it offers when a connection is made (ALPN), best first.
    init(_ manner: Manner, offering protocols: [String] = ["h2", "http/1.1"]) throws {
        certificate = try TestCertificate("DNS:localhost,IP:127.0.0.1")
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.file).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem)))
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        let state = HTTP2State()
        self.state = state
        let listener = try ServerBootstrap(group: HTTP2Server.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context), HTTP2ServerHandler(manner, state),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = try #require(listener.localAddress?.port)
    }

    var log: Log { state.log.withLock { $0 } }

    /// A request to it.
    func request(_ path: String = "/", form: [HTTPRequest.Parameter] = []) -> HTTPRequest {
        let location = "https://127.0.0.1:\(port)\(path)"
        return form.isEmpty ? HTTPRequest(location) : HTTPRequest(location, method: .post, form: form)
    }

    /// A client that trusts it.
    func client(_ options: HTTPOptions = HTTPOptions()) throws -> HTTPClient {
        var options = options
        options.additionalTrust = certificate.file
        return try HTTPClient(options)
    }
}

private final class HTTP2State: Sendable {
    let log = Mutex(HTTP2Server.Log())
}

/// The frames of one connection (RFC 9113).
private final class HTTP2ServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Kind {
        static let data: UInt8 = 0, headers: UInt8 = 1, reset: UInt8 = 3, settings: UInt8 = 4, ping: UInt8 = 6
        static let goAway: UInt8 = 7
    }

    /// Flags; what ends a stream acknowledges settings and pings.
    private static let endStream: UInt8 = 1
    private static let endHeaders: UInt8 = 4
    private static let refusedStream: UInt32 = 7
    private static let preface = 24

    private let manner: HTTP2Server.Manner
    private let state: HTTP2State
    private var buffer = ByteBuffer()
    private var isHTTP2 = false
    private var waiting: [UInt32] = []
    /// Which connection of the server's it is, and how many of its requests were answered.
    private var number = 0
    private var answered = 0

    init(_ manner: HTTP2Server.Manner, _ state: HTTP2State) {
        self.manner = manner
        self.state = state
    }

    func channelActive(context: ChannelHandlerContext) {
        number = state.log.withLock { log in
            log.connections += 1
            return log.connections
        }
        context.fireChannelActive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        buffer.writeBuffer(&part)
        if !isHTTP2 {
            guard buffer.readableBytes >= HTTP2ServerHandler.preface else { return }
            guard buffer.getString(at: buffer.readerIndex, length: 3) == "PRI" else { return answerPlainly(context) }
            buffer.moveReaderIndex(forwardBy: HTTP2ServerHandler.preface)
            isHTTP2 = true
            send(context, Kind.settings)
        }
        while let (kind, flags, stream, length) = readFrame() { take(kind, flags, stream, length, context) }
        context.flush()
    }

    private func answerPlainly(_ context: ChannelHandlerContext) {
        guard buffer.readableBytesView.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
        buffer.clear()
        state.log.withLock { $0.plainRequests += 1 }
        let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nHTTP/1.1")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    private func readFrame() -> (kind: UInt8, flags: UInt8, stream: UInt32, length: Int)? {
        let start = buffer.readerIndex
        guard let high: UInt8 = buffer.getInteger(at: start), let low: UInt16 = buffer.getInteger(at: start + 1),
            let kind: UInt8 = buffer.getInteger(at: start + 3), let flags: UInt8 = buffer.getInteger(at: start + 4),
            let stream: UInt32 = buffer.getInteger(at: start + 5)
        else { return nil }
        let length = Int(high) << 16 + Int(low)
        guard buffer.readableBytes >= 9 + length else { return nil }
        buffer.moveReaderIndex(forwardBy: 9 + length)
        return (kind, flags, stream & 0x7FFF_FFFF, length)
    }

    private func take(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ length: Int, _ context: ChannelHandlerContext)
    {
        let isMarked = flags & HTTP2ServerHandler.endStream != 0
        switch kind {
        case Kind.settings where !isMarked: send(context, Kind.settings, flags: HTTP2ServerHandler.endStream)
        case Kind.ping where !isMarked:
            send(context, Kind.ping, flags: HTTP2ServerHandler.endStream, [UInt8](repeating: 0, count: 8))
        case Kind.data, Kind.headers:
            state.log.withLock { log in
                if kind == Kind.data { log.bodyBytes += length }
                if isMarked { log.requests += 1 }
            }
            if isMarked { answer(stream, context) }
        default: break
        }
    }

    private func answer(_ stream: UInt32, _ context: ChannelHandlerContext) {
        switch manner {
        case .refuses: send(context, Kind.reset, stream: stream, bytes(HTTP2ServerHandler.refusedStream))
        case .goesAway:
            send(context, Kind.goAway, bytes(0) + bytes(0))
            context.flush()
            context.close(promise: nil)
        case .fallsSilent:
            guard number > 1 || answered == 0 else { return }
            tell(stream, context)
        case .together(let count):
            waiting.append(stream)
            guard waiting.count >= count else { return }
            for stream in waiting.reversed() { tell(stream, context) }
            waiting = []
        }
    }

    private func tell(_ stream: UInt32, _ context: ChannelHandlerContext) {
        answered += 1
        // The field `:status: 200` by its number in the table that everybody has.
        send(context, Kind.headers, flags: HTTP2ServerHandler.endHeaders, stream: stream, [0x88])
        send(
            context, Kind.data, flags: HTTP2ServerHandler.endStream, stream: stream, Array("stream \(stream)".utf8))
    }

    private func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private func send(
        _ context: ChannelHandlerContext, _ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []
    ) {
        var frame = context.channel.allocator.buffer(capacity: 9 + payload.count)
        frame.writeInteger(UInt8(0))
        frame.writeInteger(UInt16(payload.count))
        frame.writeInteger(kind)
        frame.writeInteger(flags)
        frame.writeInteger(stream)
        frame.writeBytes(payload)
        context.write(wrapOutboundOut(frame), promise: nil)
    }
}
