import NIOCore
import NIOWebSocket

/// What a WebSocket connection is for.
protocol SocketRole: AnyObject {
    /// A message of the client.
    func take(_ text: String, on socket: WebSocketHandler)
    /// The connection stands.
    func begin(on socket: WebSocketHandler)
    /// The connection is over.
    func end()
    /// The server is about to go.
    func announceShutdown(at time: Int64)
    /// How many messages a second the client may send; `nil` for any.
    var messagesPerSecond: Int? { get }
}

/// One WebSocket connection: frames, pings, limits, its end after a day, and the faults of what it sends.
final class WebSocketHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    let core: Core
    private(set) var role: (any SocketRole)?
    private var context: ChannelHandlerContext?
    /// Messages, pings and pongs of the running second.
    private var second: Int64 = -1
    private var messages = 0
    private var unansweredPings = 0
    /// Until when nothing is sent but pings.
    private var silentUntil: Int64 = 0
    private var isFrozen = false
    /// A message that goes out after the next one.
    private var held: String?
    private var timers: [Scheduled<Void>] = []
    private var pingTimer: Scheduled<Void>?
    private let birthFaults: [Fault.Kind]

    init(_ core: Core, _ role: any SocketRole, faults: [Fault.Kind]) {
        self.core = core
        self.role = role
        birthFaults = faults
    }

    private var time: Int64 { core.exchange.now.milliseconds }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        core.sockets[ObjectIdentifier(self)] = self
        schedulePing()
        let lifetime = core.options.connectionLifetime
        timers.append(
            core.loop.assumeIsolated().scheduleTask(in: .seconds(lifetime)) { [weak self] () -> Void in
                self?.close()
            })
        for kind in birthFaults {
            switch kind {
            case .halfOpen: freeze()
            case .slowRead(let duration): stopReading(duration)
            case .silence(let duration): silentUntil = time + duration
            default: break
            }
        }
        // Only now, behind the answer to the upgrade.
        core.loop.assumeIsolated().execute { [weak self] in
            guard let self else { return }
            role?.begin(on: self)
            if birthFaults.contains(.drop) { breakOff() }
            if birthFaults.contains(.disconnect) { close() }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    private func finish() {
        guard role != nil else { return }
        for timer in timers { timer.cancel() }
        timers.removeAll()
        pingTimer?.cancel()
        core.sockets[ObjectIdentifier(self)] = nil
        role?.end()
        role = nil
        context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: - In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard !isFrozen, role != nil else { return }
        guard frame.opcode == .connectionClose || count() else {
            return close(code: .policyViolation, reason: "Too many messages")
        }
        switch frame.opcode {
        case .ping:
            write(.pong, frame.unmaskedData)
        case .pong: unansweredPings = 0
        case .text, .binary:
            role?.take(String(buffer: frame.unmaskedData), on: self)
        case .connectionClose:
            write(.connectionClose, frame.unmaskedData)
            context.close(promise: nil)
        default: close(code: .protocolError, reason: "")
        }
    }

    /// Counts what the client sends; whether it is within the limit.
    private func count() -> Bool {
        guard let limit = role?.messagesPerSecond else { return true }
        let now = time / 1_000
        if now != second {
            second = now
            messages = 0
        }
        messages += 1
        return messages <= limit
    }

    private func schedulePing() {
        let interval = core.options.pingInterval
        let timer = core.loop.assumeIsolated().scheduleTask(in: .milliseconds(interval)) { [weak self] () -> Void in
            guard let self, role != nil else { return }
            // A client that has left three pings unanswered has had its minute.
            if unansweredPings >= 3 { return close() }
            if !isFrozen {
                unansweredPings += 1
                write(.ping, ByteBuffer(string: "\(time)"))
            }
            schedulePing()
        }
        pingTimer = timer
    }

    // MARK: - Out

    /// Sends a message unless a fault says otherwise.
    func send(_ text: String, _ scope: Fault.Scope, _ name: String) {
        guard role != nil, !isFrozen else { return }
        send(text, core.desk.occasion(scope, name))
    }

    /// Sends a message that has met its faults already.
    func send(_ text: String, _ faults: [Fault.Kind]) {
        guard role != nil, !isFrozen else { return }
        var text = text
        var delay: Int64 = 0
        var copies = 1
        var isHeld = false
        for kind in faults {
            switch kind {
            case .drop, .gap: return
            case .delay(let time): delay += time
            case .duplicate: copies += 1
            case .reorder: isHeld = true
            case .truncate: text = String(decoding: text.utf8.prefix(text.utf8.count / 2), as: UTF8.self)
            case .silence(let duration): silentUntil = time + duration
            case .slowRead(let duration): stopReading(duration)
            case .halfOpen: return freeze()
            case .disconnect: return close()
            default: break
            }
        }
        guard time >= silentUntil else { return }
        if isHeld, held == nil {
            held = text
            return
        }
        for _ in 0..<copies { deliver(text, after: delay) }
        if let late = held {
            held = nil
            deliver(late, after: delay)
        }
    }

    private func deliver(_ text: String, after delay: Int64) {
        guard delay > 0 else { return write(.text, ByteBuffer(string: text)) }
        core.after(milliseconds: delay) { [weak self] in self?.write(.text, ByteBuffer(string: text)) }
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        guard let context, !isFrozen else { return }
        // Who does not read for megabytes is cut off rather than waited for.
        guard context.channel.isWritable else { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }

    /// Ends the connection in order.
    func close(code: WebSocketErrorCode = .goingAway, reason: String = "") {
        guard let context else { return }
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        if !isFrozen {
            context.writeAndFlush(
                wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)), promise: nil)
        }
        context.close(promise: nil)
    }

    /// Ends the connection without a word.
    func breakOff() { context?.close(promise: nil) }

    /// Nothing comes or goes any more, and nobody is told.
    func freeze() {
        isFrozen = true
        context?.channel.setOption(.autoRead, value: false).whenFailure { _ in }
    }

    /// Reads nothing for milliseconds.
    func stopReading(_ milliseconds: Int64) {
        guard let channel = context?.channel else { return }
        channel.setOption(.autoRead, value: false).whenFailure { _ in }
        core.after(milliseconds: milliseconds) { [weak self] in
            guard let self, !isFrozen, role != nil else { return }
            channel.setOption(.autoRead, value: true).whenFailure { _ in }
            channel.read()
        }
    }
}
