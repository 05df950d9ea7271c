import NIOCore
import NIOWebSocket

/// What leaves a connection: messages in their order, behind answers to pings and our own pings, all within the limit
/// of messages a second and no faster than the socket takes them.
///
/// Touched by the connection's event loop only.
final class Outbound {
    private let largestQueue: Int
    private var pace: OutboundPace
    private var waiting: CircularBuffer<OutboundMessage> = []
    /// Messages that are with the socket and not yet taken.
    private var inFlight = 0
    /// Of several pings only the last needs an answer, so that no flood of them can pile up here.
    private var duePong: [UInt8]?
    private var isPingDue = false
    private var timer: Scheduled<Void>?
    private var isStopped = false
    /// What is written to; set while the handler is in its pipeline.
    var context: ChannelHandlerContext?

    init(_ options: WebSocketOptions) {
        largestQueue = options.largestQueue
        pace = OutboundPace(options.messagesPerSecond)
    }

    /// Takes a message, or refuses it at once.
    func send(_ message: OutboundMessage) {
        guard !isStopped else { return message.done(WebSocketTrouble(.closed, "")) }
        guard waiting.count + inFlight < largestQueue else {
            return message.done(WebSocketTrouble(.queueFull, "\(largestQueue) wait already"))
        }
        waiting.append(message)
        release()
    }

    /// Takes a message back that still waits. O(n) of those that wait.
    func takeBack(_ number: UInt64) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).done(WebSocketTrouble(.cancelled, ""))
    }

    /// Answers a ping.
    func pong(_ payload: UnsafeRawBufferPointer) {
        duePong = Array(payload)
        release()
    }

    /// Asks for a sign of life.
    func ping() {
        isPingDue = true
        release()
    }

    /// Sends a close frame, past whatever waits, and nothing after it.
    func close(_ code: Int, _ reason: String) {
        guard !isStopped, let context else { return }
        let payload = CloseCode.payload(code, reason)
        stop()
        write(context, .connectionClose, OutboundMessage.buffer(payload.count) { $0.writeBytes(payload) }, nil)
        context.flush()
    }

    /// Takes nothing more; what waits is refused. What is with the socket hears from it.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        timer?.cancel()
        duePong = nil
        isPingDue = false
        let dropped = waiting
        waiting.removeAll()
        for message in dropped { message.done(WebSocketTrouble(.closed, "")) }
    }

    /// Sends what may go now, and sees to it that the rest goes when it may.
    func release() {
        guard let context, !isStopped else { return }
        var hasWritten = false
        while duePong != nil || isPingDue || !waiting.isEmpty, context.channel.isWritable {
            let now = context.eventLoop.now
            if let wait = pace.wait(at: now) {
                releaseLater(context, wait)
                break
            }
            pace.count(at: now)
            writeNext(context)
            hasWritten = true
        }
        if hasWritten { context.flush() }
    }

    private func releaseLater(_ context: ChannelHandlerContext, _ wait: TimeAmount) {
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [self] in
            timer = nil
            release()
        }
    }

    private func writeNext(_ context: ChannelHandlerContext) {
        if let payload = duePong {
            duePong = nil
            write(context, .pong, OutboundMessage.buffer(payload.count) { $0.writeBytes(payload) }, nil)
        } else if isPingDue {
            isPingDue = false
            write(context, .ping, OutboundMessage.buffer(0) { _ in }, nil)
        } else if let message = waiting.popFirst() {
            inFlight += 1
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { [self] result in
                inFlight -= 1
                switch result {
                case .success: message.done(nil)
                case .failure(let error): message.done(WebSocketTrouble(.brokenOff, ConnectionFailure.text(error)))
                }
            }
            write(context, .text, message.payload, promise)
        }
    }

    private func write(
        _ context: ChannelHandlerContext, _ kind: WebSocketOpcode, _ payload: ByteBuffer,
        _ promise: EventLoopPromise<Void>?
    ) {
        let frame = WebSocketFrame(fin: true, opcode: kind, maskKey: .random(), data: payload)
        context.write(NIOAny(frame), promise: promise)
    }
}
