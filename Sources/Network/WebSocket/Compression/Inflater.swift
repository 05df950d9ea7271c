import CZlib

/// Unpacks messages (RFC 7692), with the window of the messages before or without.
final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let keepsContext: Bool
    private let output = ByteStore()
    private var isReady: Bool

    /// What a sender cuts off each message.
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    /// An unpacker for what was agreed on.
    init(_ agreement: DeflateAgreement) {
        keepsContext = agreement.serverKeepsContext
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Negative window bits: without a header.
        isReady =
            inflateInit2_(
                stream, -Int32(agreement.serverWindowBits), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
    }

    /// How much memory is held for what was unpacked.
    var held: Int { output.capacity }

    /// The message that was packed; valid until the next call.
    ///
    /// - Throws: `ProtocolViolation` when it is damaged, or unpacks to more bytes than the limit.
    func inflate(_ input: UnsafeRawBufferPointer, limit: Int) throws(ProtocolViolation) -> UnsafeRawBufferPointer {
        guard isReady else { throw ProtocolViolation(CloseCode.invalidData, "zlib has no memory") }
        output.removeAll()
        try take(input, limit)
        let result = Inflater.tail.withUnsafeBytes { tail in
            Result { () throws(ProtocolViolation) in try take(tail, limit) }
        }
        try result.get()
        if !keepsContext { inflateReset(stream) }
        return output.bytes
    }

    private func take(_ input: UnsafeRawBufferPointer, _ limit: Int) throws(ProtocolViolation) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        while true {
            // One byte beyond the limit is room enough to see that it was passed.
            let wanted = min(max(output.count, 4_096), limit + 1 - output.count)
            let room = output.room(for: wanted)
            let length = min(room.count, limit + 1 - output.count, Int(UInt32.max))
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(length)
            let code = CZlib.inflate(stream, Z_SYNC_FLUSH)
            output.extend(by: length - Int(stream.pointee.avail_out))
            guard output.count <= limit else {
                throw ProtocolViolation(CloseCode.tooLarge, "a packed message of more than \(limit) bytes")
            }
            switch code {
            case Z_OK where stream.pointee.avail_out == 0: continue
            case Z_OK where stream.pointee.avail_in == 0, Z_BUF_ERROR where stream.pointee.avail_in == 0: return
            case Z_STREAM_END:
                // A sender may end its stream within a message; what follows begins another, over the same window.
                inflateResetKeep(stream)
                if stream.pointee.avail_in == 0 { return }
            default: throw ProtocolViolation(CloseCode.invalidData, "a packed message that is damaged")
            }
        }
    }
}
