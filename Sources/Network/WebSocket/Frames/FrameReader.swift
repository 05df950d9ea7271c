/// Makes messages of the bytes that a server sends, in whatever pieces they come.
///
/// A message that lies whole in one piece is handed on where it lies; only what is torn, fragmented or packed is copied.
/// Lengths are held against the limit before anything is kept, so that no more memory than a message's is ever used.
/// NIO's own decoder makes two objects of each frame and knows no extensions; a test holds this one against it.
struct FrameReader {
    /// What was read. Bytes are valid until the next call, and as long as the input is.
    enum Event {
        case text(UnsafeRawBufferPointer)
        case binary(UnsafeRawBufferPointer)
        case ping(UnsafeRawBufferPointer)
        case pong
        case close(code: Int, reason: String)
    }

    private let largestMessage: Int
    private let inflater: Inflater?
    /// The beginning of a header that is torn.
    private var tornHeader = [UInt8]()
    /// The frame whose payload is being read, and how much of that is missing.
    private var frame: FrameHeader?
    private var missing = 0
    /// The first frame of a message whose end has not come.
    private var message: FrameHeader?
    private let messageStore = ByteStore()
    private let controlStore = ByteStore()
    private var isStoreSpent = false

    /// A reader at the beginning of a connection.
    ///
    /// - Parameter inflater: unpacks messages, where both sides agreed on packing.
    init(largestMessage: Int, inflater: Inflater? = nil) {
        self.largestMessage = largestMessage
        self.inflater = inflater
        tornHeader.reserveCapacity(FrameHeader.longest)
    }

    /// How many bytes are kept for messages that have not ended.
    var kept: Int { messageStore.count + controlStore.count + tornHeader.count }

    /// The next event of a piece of input, from a position on, which moves behind what was read; `nil` when the piece
    /// has been read to its end.
    ///
    /// - Throws: what the server may not do. Nothing is to be read after that.
    mutating func next(
        in input: UnsafeRawBufferPointer, at position: inout Int
    ) throws(ProtocolViolation) -> Event? {
        if isStoreSpent {
            messageStore.removeAll()
            isStoreSpent = false
        }
        while true {
            if frame == nil {
                guard let header = try readHeader(input, &position) else { return nil }
                try begin(header)
            }
            guard let header = frame else { return nil }
            let length = min(missing, input.count - position)
            let piece = UnsafeRawBufferPointer(rebasing: input[position..<position + length])
            position += length
            missing -= length
            if missing == 0 {
                frame = nil
                if let event = try end(header, piece) { return event }
            } else {
                (header.kind.isControl ? controlStore : messageStore).append(piece)
                return nil
            }
        }
    }

    private mutating func readHeader(
        _ input: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(ProtocolViolation) -> FrameHeader? {
        if tornHeader.isEmpty {
            if let (header, size) = try FrameHeader.read(UnsafeRawBufferPointer(rebasing: input[position...])) {
                position += size
                return header
            }
        }
        while position < input.count {
            tornHeader.append(input[position])
            position += 1
            // The bytes are few: a header is at most ten.
            let result = tornHeader.withUnsafeBytes { bytes in
                Result { () throws(ProtocolViolation) in try FrameHeader.read(bytes) }
            }
            if let (header, _) = try result.get() {
                tornHeader.removeAll(keepingCapacity: true)
                return header
            }
        }
        return nil
    }

    /// Holds a header against what came before it and against the limit.
    private mutating func begin(_ header: FrameHeader) throws(ProtocolViolation) {
        if header.isPacked && (inflater == nil || header.kind.isControl || header.kind == .continuation) {
            throw ProtocolViolation(CloseCode.protocolError, "a frame with a reserved bit")
        }
        if !header.kind.isControl {
            if header.kind == .continuation {
                guard message != nil else {
                    throw ProtocolViolation(CloseCode.protocolError, "a continuation of no message")
                }
            } else {
                guard message == nil else {
                    throw ProtocolViolation(CloseCode.protocolError, "a message within another")
                }
                if !header.isFinal { message = header }
            }
            guard header.length <= largestMessage - messageStore.count else {
                throw ProtocolViolation(CloseCode.tooLarge, "a message of more than \(largestMessage) bytes")
            }
        }
        frame = header
        missing = header.length
    }

    /// Ends a frame with the last piece of its payload.
    private mutating func end(
        _ header: FrameHeader, _ piece: UnsafeRawBufferPointer
    ) throws(ProtocolViolation) -> Event? {
        if header.kind.isControl {
            let payload = whole(piece, in: controlStore)
            defer { controlStore.removeAll() }
            switch header.kind {
            case .ping: return .ping(payload)
            case .pong: return .pong
            default:
                let (code, reason) = try CloseCode.read(payload)
                return .close(code: code, reason: reason)
            }
        }
        guard header.isFinal else {
            messageStore.append(piece)
            return nil
        }
        let first = message ?? header
        message = nil
        var payload = whole(piece, in: messageStore)
        // The bytes stay where they are until the next call.
        isStoreSpent = true
        if first.isPacked, let inflater { payload = try inflater.inflate(payload, limit: largestMessage) }
        return first.kind == .text ? .text(payload) : .binary(payload)
    }

    /// A payload whose last piece has come: that piece itself when it is all.
    private func whole(_ piece: UnsafeRawBufferPointer, in store: ByteStore) -> UnsafeRawBufferPointer {
        guard store.count > 0 else { return piece }
        store.append(piece)
        return store.bytes
    }
}
