import NIOCore

/// A text message on its way out, and who waits for it.
struct OutboundMessage {
    let number: UInt64
    let payload: ByteBuffer
    /// Told once: nothing when the socket has taken it, or why not.
    let done: (WebSocketTrouble?) -> Void

    /// Room for the header of its frame in front, so that both are one piece of memory and one TLS record.
    private static let headRoom = 14

    init(_ number: UInt64, _ text: String, _ done: @escaping (WebSocketTrouble?) -> Void) {
        self.number = number
        self.done = done
        payload = OutboundMessage.buffer(text.utf8.count) { $0.writeString(text) }
    }

    /// A buffer with room in front.
    static func buffer(_ length: Int, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: headRoom + length)
        buffer.writeRepeatingByte(0, count: headRoom)
        buffer.moveReaderIndex(forwardBy: headRoom)
        write(&buffer)
        return buffer
    }
}

/// Counts what is sent, so that no second sees more than allowed.
struct OutboundPace {
    private let limit: Int?
    private var times: CircularBuffer<NIODeadline> = []

    /// A tenth more than a second: on their way, messages may be pressed together a little.
    static let window = TimeAmount.milliseconds(1_100)

    init(_ limit: Int?) { self.limit = limit.map { max(1, $0) } }

    /// How long the next message has to wait; `nil` when it may go.
    func wait(at now: NIODeadline) -> TimeAmount? {
        guard let limit, times.count == limit, let oldest = times.first else { return nil }
        let free = oldest + OutboundPace.window
        return free > now ? free - now : nil
    }

    /// Counts a message that goes.
    mutating func count(at now: NIODeadline) {
        guard let limit else { return }
        if times.count == limit { times.removeFirst() }
        times.append(now)
    }
}
