import Glibc
import NIOCore

/// An open connection: reads frames, hands messages on, answers pings, and ends once.
///
/// Touched by its event loop only.
final class WebSocketConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let address: String
    private let options: WebSocketOptions
    /// Let go of at the end, so that whatever it holds is free then.
    private var handler: WebSocket.Handler?
    private var reader: FrameReader
    private let outbound: Outbound
    private let life: LifeWatch
    private var context: ChannelHandlerContext?
    private var state = State.open
    private var closers: [() -> Void] = []
    private var endTimer: Scheduled<Void>?

    private enum State: Equatable {
        case open
        /// Our close frame is out, the server's has not come.
        case closing(code: Int, reason: String)
        case over
    }

    init(
        _ address: String, _ options: WebSocketOptions, packing: DeflateAgreement?,
        _ handler: @escaping WebSocket.Handler
    ) {
        self.address = address
        self.options = options
        self.handler = handler
        reader = FrameReader(largestMessage: options.largestMessage, inflater: packing.map(Inflater.init))
        outbound = Outbound(options)
        life = LifeWatch(options)
    }

    // MARK: - From the WebSocket

    /// Sends a message when its turn has come.
    func send(_ message: OutboundMessage) { outbound.send(message) }

    /// Takes a message back that still waits.
    func takeBack(_ number: UInt64) { outbound.takeBack(number) }

    /// Begins the close, and tells when the connection has ended.
    func close(_ code: Int, _ reason: String, _ done: (() -> Void)?) {
        guard state != .over else {
            done?()
            return
        }
        if let done { closers.append(done) }
        guard state == .open else { return }
        state = .closing(code: code, reason: reason)
        outbound.close(code, reason)
        endLater { [self] in
            let trouble = WebSocketTrouble(.timedOut, "the close was not answered")
            end(WebSocketClosure(code: code, reason: reason, initiator: .client, error: trouble.at(address)))
            context?.close(promise: nil)
        }
    }

    // MARK: - From the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        outbound.context = context
        life.start(context.eventLoop) { [self] in
            outbound.ping()
        } isDead: { [self] in
            isSilent()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        outbound.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes(receive)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        outbound.release()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        endTimer?.cancel()
        breakOff("the server ended it without a close")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        breakOff(ConnectionFailure.text(error))
        context.close(promise: nil)
    }

    // MARK: - What comes

    /// Takes bytes of the server.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        guard state != .over else { return }
        let now = WebSocketConnection.wallClock()
        if let context { life.sign(context.eventLoop.now) }
        var position = 0
        do throws(ProtocolViolation) {
            while state != .over, let event = try reader.next(in: bytes, at: &position) {
                switch event {
                case .text(let payload): handler?(.text(payload, receivedAt: now))
                case .binary(let payload): handler?(.binary(payload, receivedAt: now))
                case .ping(let payload): outbound.pong(payload)
                case .pong: break
                case .close(let code, let reason): isClosed(code, reason)
                }
            }
        } catch {
            let trouble = error.trouble.at(address)
            outbound.close(error.code, error.detail)
            end(WebSocketClosure(code: error.code, reason: error.detail, initiator: .client, error: trouble))
            drain()
        }
    }

    private func isClosed(_ code: Int, _ reason: String) {
        if case .closing(let code, let reason) = state {
            end(WebSocketClosure(code: code, reason: reason, initiator: .client, error: nil))
        } else {
            outbound.close(code, "")
            end(WebSocketClosure(code: code, reason: reason, initiator: .server, error: nil))
        }
        drain()
    }

    private func isSilent() {
        let trouble = WebSocketTrouble(.timedOut, "not a byte for \(options.silenceTimeout)")
        end(
            WebSocketClosure(
                code: CloseCode.abnormal, reason: "", initiator: .client, error: trouble.at(address)))
        context?.close(promise: nil)
    }

    private func breakOff(_ detail: String) {
        if case .closing(let code, let reason) = state {
            // Many a server answers a close by going away.
            end(WebSocketClosure(code: code, reason: reason, initiator: .client, error: nil))
        }
        let trouble = WebSocketTrouble(.brokenOff, detail)
        end(
            WebSocketClosure(
                code: CloseCode.abnormal, reason: "", initiator: .neither, error: trouble.at(address)))
    }

    // MARK: - The end

    /// Tells the end, the first time.
    private func end(_ closure: WebSocketClosure) {
        guard state != .over else { return }
        state = .over
        life.stop()
        outbound.stop()
        handler?(.closed(closure))
        handler = nil
        for closer in closers { closer() }
        closers = []
    }

    /// Leaves it to the server to end the connection, so that our last frame is not lost by ours; but not for ever.
    private func drain() {
        endLater { [self] in context?.close(promise: nil) }
    }

    private func endLater(_ action: @escaping () -> Void) {
        endTimer?.cancel()
        endTimer = context?.eventLoop.assumeIsolated().scheduleTask(in: options.closeTimeout.amount, action)
    }

    /// Nanoseconds since 1970.
    private static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
